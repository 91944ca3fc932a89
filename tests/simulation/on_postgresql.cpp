#include "tests/ledger/postgresql_server.hpp"
#include "tests/support/simulated_program.hpp"

namespace testdome_sync::testing {
namespace {

/// Where the run is about ledgers in PostgreSQL, every simulated program has one.
struct on_postgresql {
    on_postgresql()
    {
        if (postgresql_server())
            simulated_program::place_of_ledgers = [] { return new_schema().first; };
    }
};

} // namespace

BOOST_TEST_GLOBAL_FIXTURE(on_postgresql);

} // namespace testdome_sync::testing
