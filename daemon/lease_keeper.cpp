#include "daemon/lease_keeper.hpp"

#include "daemon/control_service.hpp"
#include "sync/part_keeper.hpp"
#include "sync/shared_ledger.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
namespace {

// Each ends by an exception only.

asio::awaitable<void> keep_alone(foundation& base, sync::shared_ledger& shared)
{
    asio::steady_timer timer(base.context);
    for (;;) {
        timer.expires_after(sync::ledger_lease_renewal);
        co_await timer.async_wait(asio::use_awaitable);
        shared.renew();
    }
}

asio::awaitable<void> keep_parts(foundation& base, sync::shared_ledger& shared, service& asked)
{
    sync::part_keeper keeper(base.context.get_executor(), shared, *base.parts, asked, base.clock);
    std::function<void()> answer_people = [&] {
        for (const auto& request : shared.take_requests())
            shared.answer(request, answer_from_elsewhere(asked, request.text));
    };
    co_await keeper.run(std::move(answer_people));
}

} // namespace

asio::awaitable<void> work_under_lease(asio::awaitable<void> work, foundation& base, service* asked)
{
    auto* shared = base.ledger->shared();
    if (!shared) {
        co_await std::move(work);
        co_return;
    }
    auto keeping = base.parts && asked ? keep_parts(base, *shared, *asked) : keep_alone(base, *shared);
    auto group =
        asio::experimental::make_parallel_group(asio::co_spawn(base.context, std::move(work), asio::deferred),
                                                asio::co_spawn(base.context, std::move(keeping), asio::deferred));
    const auto [order, of_work, of_keeping] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const auto& first = order[0] == 0 ? of_work : of_keeping;
    if (first)
        std::rethrow_exception(first);
}

} // namespace testdome_sync::daemon
