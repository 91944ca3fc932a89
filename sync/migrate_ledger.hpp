#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace testdome_sync::sync {

/// Copies a ledger that is a file into an empty database that several machines can share: everything, in one
/// transaction of either side, and compared before it is committed. The file stays as it is; nobody may work with it
/// meanwhile, nor with the database. Throws ledger_error; then the database holds no ledger's rows.
/// @returns how many rows each table has
std::map<std::string, std::int64_t> migrate_ledger(const std::string& file, const config::ledger_settings& database);

} // namespace testdome_sync::sync
