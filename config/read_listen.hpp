#pragma once

#include "config/listen.hpp"
#include "config/reader.hpp"

namespace testdome_sync::config {

/// `listen:` of the main file. What another machine could reach is a problem unless it has TLS.
listen_settings read_listen(const node& value, jq_library& library, const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
