#include "tests/ledger/postgresql_server.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include <sched.h>
#include <soci/soci.h>

namespace testdome_sync::testing {
namespace {

std::optional<database_server> running;

/// This test and what it starts from now on stay on one processor, the TESTDOME_SYNC_TEST_PROCESSOR-th of those that it
/// may use. Each statement waits for its answer, and a virtual machine takes longer to wake another processor than to
/// answer most of them. (CTest's PROCESSOR_AFFINITY does nothing in Debian, whose libuv doesn't have it.)
void stay_on_one_processor()
{
    const char* wanted = std::getenv("TESTDOME_SYNC_TEST_PROCESSOR");
    cpu_set_t allowed;
    if (!wanted || ::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    std::vector<std::size_t> processors;
    for (std::size_t processor = 0; processor < CPU_SETSIZE; ++processor)
        if (CPU_ISSET(processor, &allowed))
            processors.push_back(processor);
    CPU_ZERO(&allowed);
    CPU_SET(processors[std::stoul(wanted) % processors.size()], &allowed);
    ::sched_setaffinity(0, sizeof allowed, &allowed); // without it, all is slower and as true
}

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
        stay_on_one_processor();
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
