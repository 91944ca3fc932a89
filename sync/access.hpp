#pragma once

#include "sync/ledger.hpp"

#include <optional>
#include <string>

namespace testdome_sync::sync {

// Whether systems let us in, as it was found last. Kept in the ledger, so that `status` knows it too.

/// Whether the HR system of a mapping denies its polls: credentials, or rights. A failure for another reason tells
/// nothing new about it (whoever was denied several times is left alone for a while, for one): only a good poll ends
/// it. In a unit of work of its own, and only if it has changed.
void note_access(ledger& ledger, const std::string& mapping, bool is_denied);
bool is_access_denied(ledger& ledger, const std::string& mapping);

/// When the certificate of the HTTP listener ends, its chain included; nothing if it has none. As above.
void note_certificate_end(ledger& ledger, const std::optional<wall_time>& end);
std::optional<wall_time> certificate_end(ledger& ledger);

} // namespace testdome_sync::sync
