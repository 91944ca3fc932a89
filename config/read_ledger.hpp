#pragma once

#include "config/reader.hpp"
#include "config/settings.hpp"

namespace testdome_sync::config {

/// `ledger:` — `sqlite:PATH`, `postgresql://…`, or `{url: postgresql://…, password: …}`.
ledger_settings read_ledger(const node& value, jq_library& library, const tag_sources& sources, problems& found);

} // namespace testdome_sync::config
