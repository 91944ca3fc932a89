#pragma once

#include "daemon/listener/overview.hpp"

#include <string>

namespace testdome_sync::listener {

/// The status page: one file of HTML without a script, for a phone, in light and dark, and for a screen reader.
std::string status_page(const overview& shown, const std::string& version);

/// Its Content-Security-Policy: its own style, and nothing else.
const std::string& status_page_policy();

} // namespace testdome_sync::listener
