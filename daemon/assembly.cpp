#include "daemon/assembly.hpp"

#include "connectors/http/client.hpp"
#include "connectors/rest/connector.hpp"
#include "connectors/rest/presets.hpp"
#include "connectors/testdome/client.hpp"

#include <algorithm>
#include <cstdlib>

namespace testdome_sync::daemon {
namespace {

constexpr std::string_view later[] = {"csv", "sql", "exec"};

void report_unknown_connector(const config::mapping& mapping, config::problems& found)
{
    auto names = rest::preset_names(rest::preset_directories());
    names.emplace_back("rest");
    if (std::ranges::count(later, mapping.connector) > 0)
        return found.add(mapping.connector_where,
                         "the connector \"" + mapping.connector + "\" is not available in this version");
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ", ") + name;
    found.add(mapping.connector_where, "there is no connector or preset \"" + mapping.connector + '"' +
                                           config::did_you_mean(mapping.connector, names) + " (there are: " + list +
                                           ")");
}

std::optional<rest::description> described(const config::mapping& mapping, config::problems& found)
{
    if (mapping.connector.empty())
        return std::nullopt;
    if (mapping.connector == "rest")
        return rest::read_description(mapping, nullptr, found);
    const auto before = found.list().size();
    const auto preset = rest::find_preset(mapping.connector, rest::preset_directories(), found);
    if (preset)
        return rest::read_description(mapping, &*preset, found);
    if (found.list().size() == before)
        report_unknown_connector(mapping, found);
    return std::nullopt;
}

} // namespace

checked_configuration read_configuration(const std::string& path)
{
    config::problems found;
    const char* credentials = std::getenv("CREDENTIALS_DIRECTORY");
    auto loaded = config::load(path, credentials ? credentials : "", found);
    checked_configuration checked;
    checked.main = std::move(loaded.main);
    for (auto& mapping : loaded.mappings) {
        auto connector = described(mapping, found);
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
    : settings_(std::move(configuration.main)), events_(std::move(events)), ledger_(std::move(ledger))
{
    auto& testdome_network = network_for(settings_.testdome.ca_file, settings_.testdome.crl_file);
    platform_ = testdome::create_client(settings_.testdome, testdome_network, clock_, random_, *events_);
    for (auto& mapping : configuration.mappings) {
        auto& network = network_for(mapping.connector.ca_file, mapping.connector.crl_file);
        auto connector = rest::create_connector(std::move(mapping.connector), network, clock_, random_, *events_);
        mappings_.push_back({std::move(mapping.settings), std::move(connector)});
    }
    world_.emplace(sync::environment{settings_, mappings_, *ledger_, *platform_, clock_, random_, *events_});
}

assembly::~assembly() = default;

http::transport& assembly::network_for(const std::string& ca_file, const std::string& crl_file)
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

} // namespace testdome_sync::daemon
