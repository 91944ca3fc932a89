#pragma once

#include "sync/ledger.hpp"
#include "sync/postgresql/connection.hpp"

#include <memory>
#include <string>

namespace testdome_sync::sync::postgresql {

/// Connects, sees to it that what is committed lasts and that no statement takes for ever, and brings the schema up to
/// date if `access` is to write. Throws postgresql_error and ledger_error.
std::unique_ptr<connection> connect(const config::ledger_settings& settings, ledger_access access);

/// Whether any daemon has ever begun there.
bool has_ledger(connection& sql);

/// In a handler: throws what is handled again, as a ledger_error where it is one of PostgreSQL's errors, or a value
/// that can't be understood.
[[noreturn]] void rethrow_explained(const config::ledger_settings& settings);

} // namespace testdome_sync::sync::postgresql
