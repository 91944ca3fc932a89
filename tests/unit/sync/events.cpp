#include "sync/events.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::sync {

BOOST_AUTO_TEST_SUITE(events)

BOOST_AUTO_TEST_CASE(names_and_addresses_are_masked)
{
    BOOST_TEST(masked_email("ada@example.com") == "a…@example.com");
    BOOST_TEST(masked_email("ärger@example.com") == "ä…@example.com");
    BOOST_TEST(masked_email("") == "");
    BOOST_TEST(masked_name("Ada Lovelace Byron") == "A. L. B.");
    BOOST_TEST(printable("to ada@example.com, now") == "to a…@example.com, now");
    BOOST_TEST(printable(std::string(400, 'x')).size() == 303U);
    BOOST_TEST(printable("Čć … 😀") == "Čć … 😀");
    BOOST_TEST(printable("NULL\xAC, cut \xE2\x80") == "NULL\\xac, cut \\xe2\\x80");
    BOOST_TEST(printable("\xC0\xAF \xED\xA0\x80 \xF4\x90\x80\x80") ==
               "\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
