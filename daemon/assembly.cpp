#include "daemon/assembly.hpp"

#include "connectors/exec/processes.hpp"
#include "connectors/http/client.hpp"
#include "connectors/notify/notifier.hpp"
#include "connectors/on_worker.hpp"
#include "connectors/testdome/client.hpp"

#include <boost/asio/thread_pool.hpp>

namespace testdome_sync::daemon {
namespace {

/// Connections to one host: what `rate_limit: {concurrent: …}` may ask for, which is what really limits them.
constexpr std::size_t most_at_once = 64;

} // namespace

assembly::assembly(checked_configuration configuration, foundation& base, std::unique_ptr<sync::event_sink> events)
    : base_(base), settings_(std::move(configuration.main)), events_(std::move(events)), tokens_(*base.ledger)
{
    auto& testdome_network = network(settings_.testdome.ca_file, settings_.testdome.crl_file);
    platform_ = testdome::create_client(settings_.testdome, testdome_network, base.clock, base.random, *events_);
    notifier_ = make_notifier();
    for (auto& mapping : configuration.mappings) {
        auto connector = mapping.create_connector(*this);
        mappings_.push_back({std::move(mapping.settings), std::move(connector)});
    }
    world_.emplace(sync::environment{settings_, mappings_, *base.ledger, *platform_, base.clock, base.random, *events_,
                                     base.parts.get()});
}

assembly::~assembly() = default;

std::unique_ptr<sync::notifier> assembly::make_notifier()
{
    if (settings_.notify.tells_nobody())
        return nullptr; // neither a network nor a launcher is made for nothing
    return notify::create_notifier(settings_.notify, network({}, {}), programs(), base_.clock);
}

http::transport& assembly::network(const std::string& ca_file, const std::string& crl_file)
{
    auto& known = networks_[{ca_file, crl_file}];
    if (!known) {
        http::client_options options;
        options.ca_file = ca_file;
        options.crl_file = crl_file;
        options.connections_per_host = most_at_once;
        options.user_agent = "testdome-sync/" TESTDOME_SYNC_VERSION;
        http::read_proxy_environment(options);
        known = http::create_client(base_.context.get_executor(), std::move(options));
    }
    return *known;
}

boost::asio::awaitable<void> assembly::finish_workers()
{
    if (workers_.empty())
        co_return;
    boost::asio::thread_pool waiting(1);
    auto join = [this] { workers_.join(); };
    co_await connectors::on_worker(waiting.get_executor(), std::move(join));
}

exec::program_launcher& assembly::programs()
{
    if (!base_.programs)
        base_.programs = exec::create_program_launcher(base_.context.get_executor());
    return *base_.programs;
}

} // namespace testdome_sync::daemon
