#include "sync/nudge.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace testdome_sync::sync {

namespace asio = boost::asio;

struct nudge::implementation {
    explicit implementation(const asio::any_io_executor& executor) : timer(executor) {}
    asio::steady_timer timer; ///< never runs out: only a place to wait that can be canceled
    bool pending = false;
};

namespace {

/// `a || b` waits for the first that succeeds, so neither side may throw when it is canceled.
asio::awaitable<void> sleep_quietly(clock& clock, monotonic_time when)
{
    try {
        co_await clock.sleep_until(when);
    } catch (const boost::system::system_error&) {
    }
}

asio::awaitable<void> wait_quietly(asio::steady_timer& timer)
{
    boost::system::error_code ignored;
    timer.expires_at(asio::steady_timer::time_point::max());
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

} // namespace

nudge::nudge(const asio::any_io_executor& executor) : implementation_(std::make_unique<implementation>(executor)) {}

nudge::~nudge() = default;

void nudge::wake()
{
    implementation_->pending = true;
    implementation_->timer.cancel();
}

asio::awaitable<void> nudge::sleep_until(clock& clock, monotonic_time when)
{
    using namespace asio::experimental::awaitable_operators;
    if (!implementation_->pending && clock.now() < when)
        co_await (sleep_quietly(clock, when) || wait_quietly(implementation_->timer));
    implementation_->pending = false;
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none)
        throw boost::system::system_error(asio::error::operation_aborted);
}

} // namespace testdome_sync::sync
