#include "connectors/rest/record_memory.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::rest {
namespace {

record_digest number(std::uint64_t n)
{
    return {n, n};
}

/// A look that sees these numbers.
void look(record_memory<std::uint64_t>& memory, std::uint64_t begin, std::uint64_t end)
{
    for (auto n = begin; n < end; ++n)
        if (auto* place = memory.keep(number(n)))
            *place = n;
    memory.end_look();
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_of_records)

BOOST_AUTO_TEST_CASE(what_the_last_look_has_seen_is_known_however_much_it_is)
{
    record_memory<std::uint64_t> memory;
    look(memory, 0, 30'000);
    for (std::uint64_t n = 0; n < 30'000; ++n)
        BOOST_REQUIRE(memory.find(number(n)));
    BOOST_TEST(*memory.find(number(7)) == 7U);
    BOOST_TEST(!memory.find(number(30'000)));
}

BOOST_AUTO_TEST_CASE(older_ones_make_room_only_where_there_are_many)
{
    record_memory<std::uint64_t> memory;
    look(memory, 0, 100);
    look(memory, 100, 200);
    BOOST_TEST(memory.find(number(0)));
    look(memory, 200, 20'000); // 0 was seen by this look, too
    BOOST_TEST(memory.find(number(0)));
    BOOST_TEST(!memory.find(number(1)));
    BOOST_TEST(memory.find(number(19'999)));
}

BOOST_AUTO_TEST_CASE(there_is_an_end_to_what_is_remembered)
{
    record_memory<std::uint64_t> memory;
    look(memory, 0, 60'000);
    BOOST_TEST(memory.find(number(49'999)));
    BOOST_TEST(!memory.find(number(50'000)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
