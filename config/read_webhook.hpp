#pragma once

#include "config/reader.hpp"
#include "config/webhook.hpp"

#include <string>

namespace testdome_sync::config {

/// A webhook's settings. `may_be_signed`: an HMAC is understood too.
webhook_settings read_webhook(const node& value, const std::string& what, bool may_be_signed, jq_library& library,
                              const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
