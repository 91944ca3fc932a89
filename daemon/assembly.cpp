#include "daemon/assembly.hpp"

#include "connectors/exec/processes.hpp"
#include "connectors/http/client.hpp"
#include "connectors/registry.hpp"
#include "connectors/testdome/client.hpp"

#include <cstdlib>

namespace testdome_sync::daemon {
checked_configuration read_configuration(const std::string& path)
{
    config::problems found;
    const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
    auto loaded = config::load(path, credentials ? credentials : "", found);
    checked_configuration checked;
    checked.main = std::move(loaded.main);
    for (auto& mapping : loaded.mappings) {
        auto connector = connectors::read_connector(mapping, found);
        mapping.library->compile(found);
        if (connector)
            checked.mappings.push_back({std::move(mapping), std::move(*connector)});
    }
    if (!found.empty())
        throw config::configuration_error(found);
    return checked;
}

assembly::assembly(checked_configuration configuration, std::unique_ptr<sync::ledger> ledger,
                   std::unique_ptr<sync::event_sink> events)
    : settings_(std::move(configuration.main)), events_(std::move(events)), ledger_(std::move(ledger)),
      tokens_(*ledger_)
{
    auto& testdome_network = network(settings_.testdome.ca_file, settings_.testdome.crl_file);
    platform_ = testdome::create_client(settings_.testdome, testdome_network, clock_, random_, *events_);
    for (auto& mapping : configuration.mappings) {
        auto connector = mapping.create_connector(*this);
        mappings_.push_back({std::move(mapping.settings), std::move(connector)});
    }
    world_.emplace(sync::environment{settings_, mappings_, *ledger_, *platform_, clock_, random_, *events_});
}

assembly::~assembly() = default;

http::transport& assembly::network(const std::string& ca_file, const std::string& crl_file)
{
    auto& known = networks_[{ca_file, crl_file}];
    if (!known) {
        http::client_options options;
        options.ca_file = ca_file;
        options.crl_file = crl_file;
        options.user_agent = "testdome-sync/" TESTDOME_SYNC_VERSION;
        http::read_proxy_environment(options);
        known = http::create_client(context_.get_executor(), std::move(options));
    }
    return *known;
}

exec::program_launcher& assembly::programs()
{
    if (!programs_)
        programs_ = exec::create_program_launcher(context_.get_executor());
    return *programs_;
}

} // namespace testdome_sync::daemon
