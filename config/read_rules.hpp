#pragma once

#include "config/mapping.hpp"

#include <vector>

namespace testdome_sync::config {

/// The `rules:` of a mapping file.
std::vector<rule> read_rules(const node& tree, jq_library& library, const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
