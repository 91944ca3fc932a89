#include "tests/ledger/postgresql_server.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>

#include <soci/soci.h>

namespace testdome_sync::testing {
namespace {

std::optional<database_server> running;

} // namespace

database_server* postgresql_server()
{
    return running ? &*running : nullptr;
}

} // namespace testdome_sync::testing

/// TESTDOME_SYNC_TEST_LEDGER says where the ledgers of this run are: in postgresql, or else in sqlite files.
int main(int count, char* arguments[])
{
    using namespace testdome_sync::testing;
    const auto* wanted = std::getenv("TESTDOME_SYNC_TEST_LEDGER");
    if (wanted && std::string(wanted) == "postgresql") {
        constexpr auto product = database_server::product::postgresql;
        if (const auto missing = database_server::missing(product); !missing.empty()) {
            std::cout << "skipped: " << missing << '\n';
            return 77;
        }
        running.emplace(product, std::vector<std::string>{"-c", "fsync=on"});
        *running->administrator() << "CREATE ROLE testdome_sync LOGIN PASSWORD 'it''s a \\ secret'";
    }
    const int status = boost::unit_test::unit_test_main([] { return true; }, count, arguments);
    running.reset();
    return status;
}
