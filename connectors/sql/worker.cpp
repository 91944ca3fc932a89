#include "connectors/sql/worker.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace testdome_sync::sql {
namespace asio = boost::asio;
namespace {

/// Belongs to the event loop's thread; the worker only keeps it alive.
struct end_of_work {
    explicit end_of_work(const asio::any_io_executor& loop) : come(loop, asio::steady_timer::time_point::max()) {}
    asio::steady_timer come; ///< never runs out; canceled at the end
    bool here = false;
};

asio::awaitable<void> wait_for(std::shared_ptr<end_of_work> end)
{
    boost::system::error_code ignored;
    co_await end->come.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

} // namespace

asio::awaitable<bool> worker::run(std::function<void()> work, sync::monotonic_time until)
{
    using namespace asio::experimental::awaitable_operators;
    auto end = std::make_shared<end_of_work>(loop_);
    asio::post(threads_, [loop = loop_, end, work = std::move(work)]() mutable {
        work();
        work = nullptr; // what it holds is let go before anybody goes on with it
        asio::post(loop, [end = std::move(end)] {
            end->here = true;
            end->come.cancel();
        });
    });
    auto ended = wait_for(end);
    auto limit = clock_.sleep_until(until);
    co_await (std::move(ended) || std::move(limit));
    co_return end->here;
}

} // namespace testdome_sync::sql
