#include "tests/sandbox/object_text.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

using testdome_sync::sandbox::array_text;
using testdome_sync::sandbox::object_text;

BOOST_AUTO_TEST_SUITE(object_texts)

BOOST_AUTO_TEST_CASE(members_are_written_in_their_order)
{
    object_text row;
    row.number("id", -7).text("name", "C++ Senior").truth("archived", false).null("score").json("tags", "[1,2]");
    BOOST_TEST(row.take() == R"({"id":-7,"name":"C++ Senior","archived":false,"score":null,"tags":[1,2]})");
    BOOST_TEST(object_text().take() == "{}");
}

BOOST_AUTO_TEST_CASE(a_text_comes_back_from_json_as_it_was)
{
    for (const std::string text : {"", "a \"quoted\" word", "back\\slash", "two\nlines", "caf\xC3\xA9", "\x01"}) {
        const auto read = boost::json::parse(object_text().text("name", text).take());
        BOOST_TEST(read.at("name").as_string() == text);
    }
}

BOOST_AUTO_TEST_CASE(an_array_joins_what_is_json_already)
{
    BOOST_TEST(array_text(std::vector<std::string>{}) == "[]");
    BOOST_TEST(array_text(std::vector<std::string>{"1", "{}"}) == "[1,{}]");
}

BOOST_AUTO_TEST_SUITE_END()
