#include "tests/simulation/counted_memory.hpp"
#include "tests/simulation/people.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <ostream>

// How often a life asks for memory, which costs time wherever it is run: the same number in each run and on each
// machine with the same compiler and libraries (Debian's).

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

/// Allocations of an installation of so many people who pass, for so long.
long allocations_of(int persons, std::chrono::seconds time)
{
    simulated_program program(people(persons));
    lift_limits(program);
    program.network.server_works = [](bool works) { counted.is_counting = !works; };
    program.start();
    counted = {.is_counting = true};
    program.run_for(time);
    counted.is_counting = false;
    BOOST_TEST(program.complaint() == "");
    return counted.allocations;
}

struct figure {
    const char* of;
    std::function<long()> measure;
    long allocations; ///< set this anew, to what a failing test says, when it has become less; or more, for a reason
};
std::ostream& operator<<(std::ostream& to, const figure& shown)
{
    return to << shown.of;
}

const figure figures[]{
    {"a hundred people more, from the first poll to the last write-back",
     [] { return allocations_of(200, 30min) - allocations_of(100, 30min); }, 438'834},
    {"an hour more in which nothing happens: polls, looks at TestDome, alarms",
     [] { return allocations_of(10, 120min) - allocations_of(10, 60min); }, 37'813},
};

} // namespace

BOOST_DATA_TEST_CASE(a_life_asks_for_memory_as_often_as_this_table_says, figures, wanted)
{
    const auto measured = wanted.measure();
    BOOST_TEST(measured == wanted.allocations,
               wanted.of << ": " << measured << " allocations, and the table in tests/simulation/allocations.cpp says "
                         << wanted.allocations
                         << (measured < wanted.allocations ? "; better: put the new number there"
                                                           : "; what has become dearer, and is it worth it?"));
}

} // namespace testdome_sync::testing
