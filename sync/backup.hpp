#pragma once

#include <string>

namespace testdome_sync::sync {

/// Copies an SQLite ledger, which may be at work meanwhile, to a file that must not exist yet: as it is at one moment,
/// in one file, readable by nobody else, on the disk when this returns, and found to be undamaged. Throws ledger_error;
/// then there is no such file.
void back_up_sqlite_ledger(const std::string& path, const std::string& file);

} // namespace testdome_sync::sync
