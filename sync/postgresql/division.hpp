#pragma once

#include "sync/relational/statements.hpp"
#include "sync/shared_ledger.hpp"

namespace testdome_sync::sync::postgresql {

/// As the tables `machines` and `parts` have it.
ledger_division read_division(relational::statements& sql);

/// Stores what `changed` has otherwise than `before`: who can do what, who does what, what was asked for. Under the
/// lock of lease.hpp.
void write_division(relational::statements& sql, const ledger_division& before, const ledger_division& changed);

/// Under the same lock: who was silent for too long is no machine any more, and its parts are nobody's.
void strike_off_silent(relational::statements& sql);
void strike_off(relational::statements& sql, std::int64_t machine);

} // namespace testdome_sync::sync::postgresql
