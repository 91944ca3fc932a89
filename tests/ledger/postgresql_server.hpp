#pragma once

#include "tests/databases/server.hpp"

namespace testdome_sync::testing {

/// The server that the ledgers of this run are in; null if they are SQLite files.
database_server* postgresql_server();

constexpr auto ledger_password = "it's a \\ secret";

} // namespace testdome_sync::testing
