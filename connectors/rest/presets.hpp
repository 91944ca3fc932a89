#pragma once

#include "config/node.hpp"
#include "config/problems.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// Where presets are looked for, in this order; the first file of a name counts.
std::vector<std::string> preset_directories();

/// The names of all presets that are installed, sorted.
std::vector<std::string> preset_names(const std::vector<std::string>& directories);

/// The preset's file; nothing if there is none of that name.
std::optional<std::string> preset_path(const std::string& name, const std::vector<std::string>& directories);

/// The preset's YAML; nothing if there is none of that name (no problem is added then) or if it can't be read.
std::optional<config::node> find_preset(const std::string& name, const std::vector<std::string>& directories,
                                        config::problems& found);

} // namespace testdome_sync::rest
