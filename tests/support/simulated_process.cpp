#include "tests/support/simulated_process.hpp"

#include "connectors/rest/connector.hpp"
#include "connectors/testdome/client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <utility>

namespace testdome_sync::testing {
namespace asio = boost::asio;

simulated_process::simulated_process(process_parts parts)
    : clock_(parts.clock), configuration_(parts.files.configuration), ledger_(std::move(parts.ledger))
{
    platform_ =
        testdome::create_client(configuration_.main.testdome, parts.network, clock_, parts.random, parts.events);
    if (parts.before_platform)
        platform_ = parts.before_platform(std::move(platform_));
    for (std::size_t i = 0; i < parts.files.connectors.size(); ++i) {
        auto connector =
            rest::create_connector(parts.files.connectors[i], parts.network, clock_, parts.random, parts.events);
        if (parts.before_connector)
            connector = parts.before_connector(std::move(connector));
        mappings_.push_back({configuration_.mappings[i], std::move(connector)});
    }
    if (parts.is_shared)
        parts_.emplace();
    world_.emplace(sync::environment{configuration_.main, mappings_, *ledger_, *platform_, clock_, parts.random,
                                     parts.events, parts_ ? &*parts_ : nullptr});
    const auto executor = clock_.context().get_executor();
    engine_ = std::make_unique<sync::engine>(executor, *world_);
    if (parts_)
        keeper_ = std::make_unique<sync::part_keeper>(executor, *ledger_->shared(), *parts_, *this, clock_);
}

simulated_process::~simulated_process()
{
    if (!ended_)
        kill();
}

void simulated_process::start()
{
    ended_ = false;
    asio::co_spawn(clock_.context(), work(),
                   asio::bind_cancellation_slot(kill_.slot(), [this](std::exception_ptr thrown) {
                       ended_ = true;
                       why_ = thrown;
                   }));
    clock_.run_ready();
}

/// As daemon/lease_keeper.cpp has it: what ends one of them ends the other.
asio::awaitable<void> simulated_process::work()
{
    if (!keeper_) {
        co_await engine_->run();
        co_return;
    }
    std::function<void()> nothing = [] {};
    auto keeping = keeper_->run(std::move(nothing));
    auto group =
        asio::experimental::make_parallel_group(asio::co_spawn(clock_.context(), engine_->run(), asio::deferred),
                                                asio::co_spawn(clock_.context(), std::move(keeping), asio::deferred));
    const auto [order, of_engine, of_keeping] =
        co_await group.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
    const auto& first = order[0] == 0 ? of_engine : of_keeping;
    if (first)
        std::rethrow_exception(first);
}

void simulated_process::kill()
{
    kill_.emit(asio::cancellation_type::terminal);
    clock_.run_ready();
}

} // namespace testdome_sync::testing
