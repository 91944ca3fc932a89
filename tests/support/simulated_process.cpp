#include "tests/support/simulated_process.hpp"

#include "connectors/rest/connector.hpp"
#include "connectors/testdome/client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

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
    world_.emplace(
        sync::environment{configuration_.main, mappings_, *ledger_, *platform_, clock_, parts.random, parts.events});
    engine_ = std::make_unique<sync::engine>(clock_.context().get_executor(), *world_);
}

simulated_process::~simulated_process()
{
    if (!ended_)
        kill();
}

void simulated_process::start()
{
    ended_ = false;
    asio::co_spawn(clock_.context(), engine_->run(),
                   asio::bind_cancellation_slot(kill_.slot(), [this](std::exception_ptr thrown) {
                       ended_ = true;
                       why_ = thrown;
                   }));
    clock_.run_ready();
}

void simulated_process::kill()
{
    kill_.emit(asio::cancellation_type::terminal);
    clock_.run_ready();
}

} // namespace testdome_sync::testing
