#include "daemon/table.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::daemon {

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(columns_are_aligned_by_characters_and_control_characters_are_harmless)
{
    table shown({"NAME", "STATE"});
    shown.add({"Äda", "held"});
    shown.add({"x\x1b[31m", "ok"});
    BOOST_TEST(shown.text() == "NAME    STATE\n"
                               "Äda     held\n"
                               "x [31m  ok\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
