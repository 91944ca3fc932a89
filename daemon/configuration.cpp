#include "daemon/configuration.hpp"

#include "connectors/registry.hpp"
#include "daemon/listener/server_identity.hpp"
#include "sync/ledger.hpp"

#include <cstdlib>
#include <utility>

namespace testdome_sync::daemon {
namespace {

std::string credentials_directory()
{
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    return directory ? directory : "";
}

/// Only the service can read its key.
void check_certificate(const config::listen_settings& listen, config::problems& found)
{
    try {
        listener::load_identity(listen);
    } catch (const std::exception& error) {
        found.add(listen.where, error.what());
    }
}

} // namespace

checked_configuration read_configuration(const std::string& path, config::secrets credentials)
{
    config::problems found;
    auto loaded = config::load(path, credentials_directory(), found, credentials);
    checked_configuration checked;
    checked.main = std::move(loaded.main);
    if (!checked.main.ledger.is_file())
        if (const auto wrong = sync::problem_of_url(checked.main.ledger.url); !wrong.empty())
            found.add(checked.main.ledger.where, "the ledger's URL can't be used: " + wrong);
    if (credentials == config::secrets::needed)
        check_certificate(checked.main.listen, found);
    std::vector<std::shared_ptr<config::jq_library>> libraries;
    for (auto& mapping : loaded.mappings) {
        auto connector = connectors::read_connector(mapping, found);
        libraries.push_back(mapping.library);
        if (connector)
            checked.mappings.push_back({std::move(mapping), std::move(*connector)});
    }
    config::jq_library::compile_together(libraries, found);
    if (!found.empty())
        throw config::configuration_error(found);
    return checked;
}

config::ledger_settings read_ledger_settings(const std::string& path)
{
    config::problems unreadable;
    const bool readable = config::read_yaml(path, unreadable).has_value();
    if (!readable)
        throw config::configuration_error(unreadable);
    config::problems ignored;
    return config::load_settings(path, credentials_directory(), ignored, config::secrets::unneeded).ledger;
}

} // namespace testdome_sync::daemon
