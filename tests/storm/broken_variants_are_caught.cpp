#include "tests/storm/life.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// A check that cannot fail proves nothing: each mistake must be found.

namespace testdome_sync::testing {

std::ostream& operator<<(std::ostream& out, const broken_variant& which)
{
    return out << which.name;
}

namespace {

constexpr std::uint64_t most_seeds = 200;

} // namespace

BOOST_AUTO_TEST_SUITE(broken_variants_are_caught)

BOOST_DATA_TEST_CASE(a_program_with_a_mistake_breaks_a_promise_within_200_seeds, broken_variants(), which)
{
    std::uint64_t seed = 1;
    while (seed <= most_seeds && live(seed, &which).complaints.empty())
        ++seed;

    BOOST_TEST(seed <= most_seeds);
    BOOST_TEST_MESSAGE(which.name << " was caught by seed " << seed);
}

BOOST_AUTO_TEST_CASE(the_same_seed_lives_the_same_life)
{
    std::vector<std::string> first;
    std::vector<std::string> second;
    live(7, nullptr, &first);
    live(7, nullptr, &second);

    BOOST_TEST(!first.empty());
    BOOST_TEST(first == second, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
