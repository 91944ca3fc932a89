#pragma once

#include "config/mapping.hpp"
#include "config/problems.hpp"
#include "config/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::config {

struct configuration {
    settings main;
    std::vector<mapping> mappings; ///< by file name
};

/// Reads testdome-sync.yaml and `mappings.d/*.yaml` beside it. Problems are added to `found`; what could be read is
/// returned all the same, so that connectors can add what they find. `credentials_directory` is where `!credential`
/// looks. Expressions are added to each mapping's library but **not yet compiled**: the caller lets connectors add
/// theirs first, then calls `jq_library::compile_together`.
configuration load(const std::string& path, const std::string& credentials_directory, problems& found,
                   secrets credentials = secrets::needed);

/// Only the main file.
settings load_settings(const std::string& path, const std::string& credentials_directory, problems& found,
                       secrets credentials = secrets::needed);

} // namespace testdome_sync::config
