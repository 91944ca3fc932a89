#include "tests/databases/server.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>

namespace testdome_sync::testing {
namespace {

std::optional<database_server> running;

database_server::product wanted()
{
    const char* name = std::getenv("TESTDOME_SYNC_TEST_DATABASE");
    return name && std::string(name) == "postgresql" ? database_server::product::postgresql
                                                     : database_server::product::mariadb;
}

} // namespace

database_server& server()
{
    return *running;
}

} // namespace testdome_sync::testing

/// TESTDOME_SYNC_TEST_DATABASE says which server the tests run against: postgresql, or else mariadb.
int main(int count, char* arguments[])
{
    using testdome_sync::testing::database_server;
    using testdome_sync::testing::running;
    const auto product = testdome_sync::testing::wanted();
    if (const auto missing = database_server::missing(product); !missing.empty()) {
        std::cout << "skipped: " << missing << '\n';
        return 77;
    }
    running.emplace(product);
    const int status = boost::unit_test::unit_test_main([] { return true; }, count, arguments);
    running.reset();
    return status;
}
