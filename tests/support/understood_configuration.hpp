#pragma once

#include "config/load.hpp"
#include "connectors/rest/description.hpp"

#include <string>
#include <vector>

namespace testdome_sync::testing {

/// The two files of a simulated installation as a process understands them.
struct understood_configuration {
    config::configuration configuration;
    std::vector<rest::description> connectors; ///< in the order of the mappings
};

/// Reads testdome-sync.yaml and mappings.d/engineering.yaml given as text; their `!file` secrets are the sandbox's.
/// libjq takes some 40 ms to compile them, as long as a whole simulated life: the same texts are read once, and what
/// this returns lives as long as the process. Throws configuration_error.
const understood_configuration& understand_once(const std::string& settings, const std::string& mapping);

} // namespace testdome_sync::testing
