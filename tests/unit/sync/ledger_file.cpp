#include "tests/unit/sync/ledger_file.hpp"

#include <sqlite3.h>

namespace testdome_sync::sync {

void ledger_file::execute(const std::string& statement) const
{
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

} // namespace testdome_sync::sync
