#pragma once

#include "config/mapping.hpp"
#include "config/problems.hpp"
#include "config/templates.hpp"
#include "connectors/exec/program.hpp"
#include "sync/hr_connector.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::exec {

/// An action that the mapping's `write_back:` uses.
struct used_action {
    std::string name;
    config::position where;
};

/// What a mapping with `connector: exec` says; README.md explains the keys.
struct description {
    std::string mapping; ///< its name
    program_settings program;
    std::vector<config::secret> secrets;       ///< values of the environment that no log may show
    std::chrono::milliseconds timeout{60'000}; ///< of a request, starting the program included
    std::chrono::milliseconds idle{10'000};    ///< how long the program is kept with nothing to do
    std::map<std::string, sync::repeatability> actions;
    std::vector<used_action> used; ///< each once
    /// Of a `record` line; the same shape as in the REST language.
    std::optional<config::json_template> application;
};

/// Reads the mapping's own part. Every mistake is a problem; expressions are added to the mapping's library, which the
/// caller compiles afterwards. The program is looked for, and not started.
std::optional<description> read_description(const config::mapping& mapping, config::problems& found);

} // namespace testdome_sync::exec
