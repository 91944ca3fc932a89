#include "daemon/configuration.hpp"

#include "connectors/registry.hpp"

#include <cstdlib>
#include <utility>

namespace testdome_sync::daemon {
namespace {

std::string credentials_directory()
{
    const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
    return directory ? directory : "";
}

} // namespace

checked_configuration read_configuration(const std::string& path, config::secrets credentials)
{
    config::problems found;
    auto loaded = config::load(path, credentials_directory(), found, credentials);
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

std::string read_ledger_path(const std::string& path)
{
    config::problems unreadable;
    const bool readable = config::read_yaml(path, unreadable).has_value();
    if (!readable)
        throw config::configuration_error(unreadable);
    config::problems ignored;
    return config::load_settings(path, credentials_directory(), ignored, config::secrets::unneeded).ledger_path;
}

} // namespace testdome_sync::daemon
