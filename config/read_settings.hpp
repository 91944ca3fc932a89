#pragma once

#include "config/node.hpp"
#include "config/reader.hpp"
#include "config/settings.hpp"

#include <string>

namespace testdome_sync::config {

/// testdome-sync.yaml as typed settings; every mistake is a problem.
settings read_settings(const node& tree, const std::string& path, const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
