#pragma once

#include "config/mapping.hpp"
#include "sync/application.hpp"
#include "sync/ledger.hpp"

#include <string>

namespace testdome_sync::sync {

// `poll: {start: …}`: who applied before a mapping's start is not invited. The mapping's record, here or in the ledger,
// is as it was before the poll.

/// Why an application is passed over before any rule sees it: it is from before the start, or closed. Empty: it isn't.
/// `reason_before` is what was decided about it the last time.
std::string reason_to_skip(const config::mapping& mapping, const application& application, const mapping_record& record,
                           const std::string& reason_before);

/// Of an application that the HR system tells no time for, and that was not there at the first poll.
/// The ledger is asked only if the application doesn't tell.
bool may_be_from_before_start(const config::mapping& mapping, const application& application, ledger& ledger);

} // namespace testdome_sync::sync
