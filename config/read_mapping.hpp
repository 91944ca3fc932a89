#pragma once

#include "config/mapping.hpp"
#include "config/node.hpp"

#include <string>

namespace testdome_sync::config {

/// One file of mappings.d as typed settings; every mistake is a problem. Keys that aren't known here are the
/// connector's.
mapping read_mapping(const node& tree, const std::string& path, const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
