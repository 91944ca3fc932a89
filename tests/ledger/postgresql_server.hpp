#pragma once

#include "config/settings.hpp"
#include "tests/databases/server.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace testdome_sync::testing {

/// The server that the ledgers of this run are in; null if they are SQLite files.
database_server* postgresql_server();

/// For cases about what a file can't.
struct only_postgresql {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const
    {
        return postgresql_server() != nullptr;
    }
};

/// A new schema of that server for one ledger, and its name.
std::pair<config::ledger_settings, std::string> new_schema();

constexpr auto ledger_password = "it's a \\ secret";

} // namespace testdome_sync::testing
