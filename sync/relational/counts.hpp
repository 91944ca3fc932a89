#pragma once

#include "sync/relational/statement.hpp"

namespace testdome_sync::sync::relational {

/// Fills the empty table `counts` of a ledger whose rows came by another way than a ledger's own calls. Reads them all.
/// Inside the caller's unit of work.
void count_anew(database& in);

} // namespace testdome_sync::sync::relational
