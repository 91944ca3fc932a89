#include "connectors/exec/lines.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::exec {

BOOST_AUTO_TEST_SUITE(lines_of_a_program)

BOOST_AUTO_TEST_CASE(lines_come_out_whole_however_they_came_in)
{
    const std::string text = "one\n\ntwo\r\nthree\nfo";
    for (std::size_t piece = 1; piece <= text.size(); ++piece) {
        lines cut(100);
        std::string seen;
        for (std::size_t at = 0; at < text.size(); at += piece) {
            cut.add(std::string_view(text).substr(at, piece));
            while (const auto line = cut.next())
                seen += '[' + std::string(*line) + ']';
        }
        BOOST_TEST(seen == "[one][][two\r][three]");
        BOOST_TEST(cut.has_rest());
        cut.add("ur\n");
        BOOST_TEST(*cut.next() == "four");
        BOOST_TEST(!cut.has_rest());
        BOOST_TEST(!cut.next().has_value());
    }
}

BOOST_AUTO_TEST_CASE(a_line_may_be_as_long_as_the_limit_and_not_a_byte_longer)
{
    lines cut(4);
    cut.add("1234\n12345");
    BOOST_TEST(!cut.too_long());
    BOOST_TEST(*cut.next() == "1234");
    BOOST_TEST(cut.too_long());
    cut.add("\n");
    BOOST_TEST(cut.too_long());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
