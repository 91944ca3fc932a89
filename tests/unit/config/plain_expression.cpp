#include "config/plain_expression.hpp"

#include "config/jq.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::config {
namespace {

/// The outputs, or the error, as text.
std::string answer_of(const jq_expression& expression, const boost::json::value& document)
{
    const auto all = expression.all(document);
    const auto first = expression.first(document);
    std::string text;
    if (all)
        for (const auto& one : *all)
            text += boost::json::serialize(one) + ' ';
    else
        text = all.error().reason;
    return text + "| " + (first ? boost::json::serialize(*first) : first.error().reason);
}

const std::vector<std::string> plain{".a",
                                     ".a.b",
                                     ".a//.b",
                                     ".a[]",
                                     ".a.b[]",
                                     ".a // \"\"",
                                     ".a.b // .c // \"none\"",
                                     ".c//.a.b",
                                     "  .a  ",
                                     ".long_Name9",
                                     ".a == \"text\"",
                                     ".a != \"text\"",
                                     ".a.b==\"text\" and .c != \"x\"",
                                     " .c == \"x\"  and .a.b == \"text\" and .a != \"y\" ",
                                     ".c == \"y\" and .a.b.c == \"no error, as nobody looks\"",
                                     ".a != null",
                                     ".a == true and .c != false",
                                     ".a.b == false and .c == null",
                                     ".a == .c or .a.b == .c",
                                     ".a == .c // .a.b",
                                     ".a or .c and .long_Name9",
                                     "(.a or .c) and .long_Name9",
                                     ".a == \"x\" // .c // false",
                                     "\"none\" // .a",
                                     ".a | not",
                                     "(.a.b | not) and .c != null",
                                     ".a[1]",
                                     ".a[2].three",
                                     ".a.b[0]",
                                     ".c.d[1]",
                                     ".a[0] // .a.b[7] // null",
                                     ".c | tostring",
                                     ".a | tonumber",
                                     ".c // .a | tonumber | tostring",
                                     ".a | map(tostring) | join(\",\")",
                                     ".c | map(tostring) | join(\"\")",
                                     "if .a == \"text\" then \"yes\" elif .c == \"x\" then .a.b else .c end",
                                     " if .a.b == null and .c != true then .a else false end ",
                                     "if .c then null else .a.b.c end",
                                     "if .a.b == \"text\" then .c.d else \"no error, as nobody looks\" end",
                                     "if .a == null then .c else .a | length end",
                                     "if .c then .c elif .a.b then .a.b else [.a, (.c // 1)] | tostring end \n",
                                     "if .a then .a[0] else {b: .a}.b end"};
const std::vector<std::string> documents{R"({"a":{"b":1},"c":"x"})",
                                         R"({"a":{"b":null},"c":false,"long_Name9":true})",
                                         R"({"a":null})",
                                         R"({"a":[1,"two",{"three":3}]})",
                                         R"({"a":{"b":[]}})",
                                         R"({"a":[]})",
                                         R"({"a":"text"})",
                                         R"({"a":{"b":"text"},"c":{"d":[1.0,2.5]}})",
                                         R"({"a":12345678901234567890,"c":9007199254740993})",
                                         R"({"a":-0.0,"c":1e300})",
                                         R"({"a":7.0})",
                                         R"({"a":7,"c":7.0})",
                                         R"({"a":"7","c":"12345678901234567890"})",
                                         R"({"a":"007","c":"-7"})",
                                         R"({"a":" 7","c":"7.5"})",
                                         R"({"a":"0","c":""})",
                                         R"({"a":[1],"c":[1]})",
                                         R"({"a":["x",2,null],"c":["x",-2,"y"]})",
                                         R"({"a":12345678901234567890,"c":"12345678901234567890"})",
                                         R"({"a":{"b":{"y":1,"x":[18446744073709551615]}}})",
                                         R"({"a":{"b":false},"c":0})",
                                         "null",
                                         "7",
                                         R"("text")",
                                         R"([{"a":1}])"};

} // namespace

BOOST_AUTO_TEST_SUITE(plain_expressions)

BOOST_AUTO_TEST_CASE(they_answer_as_libjq_does)
{
    const auto library = jq_library::create();
    std::vector<std::pair<jq_expression, jq_expression>> pairs;
    for (const auto& text : plain)
        pairs.emplace_back(library->add(text, {}), library->add(". | (" + text + ')', {})); // not plain
    problems found;
    BOOST_REQUIRE_MESSAGE(library->compile(found), found.text());
    for (const auto& [as_written, by_libjq] : pairs)
        for (const auto& text : documents) {
            const auto document = boost::json::parse(text);
            BOOST_TEST(answer_of(as_written, document) == answer_of(by_libjq, document), as_written.text()
                                                                                             << " on " << text);
        }
}

BOOST_AUTO_TEST_CASE(what_is_plain_needs_no_libjq_and_everything_else_does)
{
    for (const auto& text : plain)
        BOOST_TEST(plain_expression::from(text).has_value(), text);
    for (const std::string text : {"",
                                   ".",
                                   "a",
                                   ".a.",
                                   "..a",
                                   ".[0]",
                                   ".a[0",
                                   ".a[-1]",
                                   ".a[99999999999999999999]",
                                   ".a[1:2]",
                                   ".a[].b",
                                   ".a[] // .b",
                                   ".a // \"\\(.b)\"",
                                   ".a // \"",
                                   ".a // 0",
                                   ".a | .b",
                                   ".a |",
                                   ".a | tonumbers",
                                   ".a | map(tostring)",
                                   ".a | map(tostring) | join(.b)",
                                   ".a | map(.b) | join(\",\")",
                                   ".a == 1",
                                   ".a == \"x\" == \"y\"",
                                   ".a[] == \"x\"",
                                   ".a == \"x\" and",
                                   ".a == \"x\" andy",
                                   ".a == nullable",
                                   ".a == null::b",
                                   "not .a",
                                   "(.a",
                                   ".a)",
                                   "if .a then .b end",
                                   "if .a then .b else length",
                                   "if .a then .b else length end | length",
                                   "if .a then .b else length end | if .c then .d else length end",
                                   "if .a then .b else if .c then .d else length end end",
                                   "(if .a then .b else length end)",
                                   "if .a then .b else .c | append",
                                   "if .a then .b else length # end",
                                   "if .a then .b elif length then .c else .d end",
                                   "if length then .b else .c end",
                                   "if .a then .b else .c",
                                   "if .a then .b elif .c else .d end",
                                   "iffy .a then .b else .c end",
                                   ".a # comment",
                                   ".[\"a\"]",
                                   ".a?",
                                   ".a .b",
                                   ".a [0]",
                                   ".9",
                                   "$a",
                                   ".a.b c",
                                   ".a //"})
        BOOST_TEST(!plain_expression::from(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(unexpected_data_is_left_to_libjq)
{
    const auto path = *plain_expression::from(".a.b");
    const boost::json::value good = boost::json::parse(R"({"a":{"b":"text"}})");
    const boost::json::value wrong = boost::json::parse(R"({"a":["b"]})");
    const boost::json::value large = boost::json::parse(R"({"a":{"b":9007199254740993}})");
    BOOST_TEST(*path.first({&good, nullptr}) == "text");
    BOOST_TEST(*path.first({nullptr, &good.as_object()}) == "text");
    BOOST_TEST(!path.first({&wrong, nullptr}));
    BOOST_TEST(!path.first({&large, nullptr}));
    BOOST_TEST(!path.all({&large, nullptr}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
