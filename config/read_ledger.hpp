#pragma once

#include "config/reader.hpp"
#include "config/settings.hpp"

namespace testdome_sync::config {

/// `ledger:` — `sqlite:PATH`, `postgresql://…`, or `{url: postgresql://…, password: …}`.
ledger_settings read_ledger(const node& value, jq_library& library, const tag_sources& sources, problems& found);

/// The same, given at the keyboard, for one that is written as a text. `directory`: where a relative path starts.
ledger_settings read_ledger_location(const std::string& text, const std::string& directory, problems& found);

} // namespace testdome_sync::config
