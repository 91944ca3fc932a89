#pragma once

#include "config/load.hpp"
#include "connectors/surroundings.hpp"

#include <string>
#include <vector>

namespace testdome_sync::daemon {

/// A configuration without a mistake: settings, and for each mapping what its connector needs.
struct checked_configuration {
    config::settings main;
    struct checked_mapping {
        config::mapping settings;
        connectors::connector_factory create_connector;
    };
    std::vector<checked_mapping> mappings;
};

/// Reads and checks all files. Throws config::configuration_error with everything that is wrong.
checked_configuration read_configuration(const std::string& path,
                                         config::secrets credentials = config::secrets::needed);

/// Only where the ledger is, whatever else is wrong: so whoever works with it can be found while the rest is being
/// edited. Throws config::configuration_error if the main file can't be read.
config::ledger_settings read_ledger_settings(const std::string& path);

} // namespace testdome_sync::daemon
