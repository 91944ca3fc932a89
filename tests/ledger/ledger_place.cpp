#include "tests/ledger/ledger_place.hpp"

#include "tests/ledger/postgresql_server.hpp"

#include <filesystem>
#include <tuple>

#include <soci/soci.h>
#include <sqlite3.h>
#include <stdlib.h>

namespace testdome_sync::testing {

std::pair<config::ledger_settings, std::string> new_schema()
{
    static int number = 0;
    auto name = "place_" + std::to_string(++number);
    *postgresql_server()->administrator() << "CREATE SCHEMA " + name + " AUTHORIZATION testdome_sync";
    config::ledger_settings settings;
    settings.path.clear();
    settings.url = "postgresql://testdome_sync@127.0.0.1:" + std::to_string(postgresql_server()->port()) +
                   "/postgres?options=-csearch_path%3D" + name;
    settings.password = config::secret(ledger_password);
    return {std::move(settings), std::move(name)};
}

ledger_place::ledger_place()
{
    if (postgresql_server()) {
        std::tie(settings, name_) = new_schema();
        return;
    }
    name_ = (std::filesystem::temp_directory_path() / "testdome-sync-ledger.XXXXXX").string();
    ::mkdtemp(name_.data());
    settings.path = name_ + "/ledger.db";
}

ledger_place::~ledger_place()
{
    if (!is_shared())
        std::filesystem::remove_all(name_);
}

void ledger_place::execute(const std::string& statement) const
{
    if (is_shared()) {
        const auto sql = postgresql_server()->administrator();
        *sql << "SET search_path = " + name_;
        *sql << statement;
        return;
    }
    sqlite3* database = nullptr;
    BOOST_REQUIRE(sqlite3_open(settings.path.c_str(), &database) == SQLITE_OK);
    BOOST_TEST(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(database);
}

void ledger_place::let_lease_end() const
{
    if (is_shared())
        execute("UPDATE machines SET until_milliseconds = 0");
}

} // namespace testdome_sync::testing
