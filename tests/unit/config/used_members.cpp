#include "config/used_members.hpp"

#include "config/jq.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <map>
#include <ostream>

namespace testdome_sync::config {
namespace {

std::string text_of(const std::optional<std::vector<std::string>>& names)
{
    if (!names)
        return "all";
    std::string text;
    for (const auto& name : *names)
        text += (text.empty() ? "" : " ") + name;
    return text;
}

struct usage {
    std::string expression;
    std::string members; ///< "all" where the document may be looked at as a whole
};
std::ostream& operator<<(std::ostream& to, const usage& shown)
{
    return to << shown.expression;
}

const std::vector<usage> usages{
    {".a", "a"},
    {".a.b", "a b"}, // one too many
    {".a | .b", "a"},
    {".a[0] // .b", "a b"},
    {".a[.b]", "a b"},
    {"[.a[], .b]", "a b"},
    {"[.a[] | .b] | map(.c)", "a"},
    {"(.a | .b) == .c", "a c"},
    {".a as $x | .b | .c == $x", "a b"},
    {".a as $x | [.b[][] | select(.c == $x) | .id] | .[0]", "a b"},
    {".a as $new | [.l.f[] | select(.k as $key | $new | has($key) | not)] + [$new | to_entries[] | {k: .key}]",
     "a l f"},
    {"1 + .a as $x | .b", "a b"},
    {"if .a | .b then .c | .d else .e end | .f", "a c e"},
    {"if .a then .b elif .c == null then .d else .e end", "a b c d e"},
    {".a | if . == null then null else (.b // {}) | map({n: (.n // .k)}) end", "a"},
    {".a | if type == \"array\" then .b else to_entries | map({name: .key}) end", "a"},
    {".a == \"a | . \\\" b\"", "a"},
    {".a? // \"none\"", "a"},
    {"-.a * 1.5e3 > .b", "a b"},
    {".end.if", "end if"},
    {".a | .b = 1", "a"},
    {".a | . as [$x] | .c", "a"},
    {".a | reduce .[] as $x (0; . + $x)", "a"},
    {".a | @base64", "a"},
    {"null", ""},
    {"\"text\"", ""},

    {".", "all"},
    {".a, .", "all"},
    {"..", "all"},
    {".[]", "all"},
    {".[\"a\"]", "all"},
    {".\"a\"", "all"},
    {"keys", "all"},
    {"length", "all"},
    {"select(.a) | .b", "all"},
    {"{a}", "all"},
    {"[.[] | .a]", "all"},
    {". as $all | .a | $all.b", "all"},
    {"(.) as $all | .a", "all"},
    {". as {a: $x} | .b", "all"},
    {".a as [$x] | .b", "all"},
    {".a = 1 | .b", "all"},
    {".a |= 1 | .b", "all"},
    {".a += 1 | .b", "all"},
    {".a //= 1 | .b", "all"},
    {"\"\\(.a)\"", "all"},
    {"@json \"x\"", "all"},
    {"try .a catch .b", "all"},
    {"label $f | .a", "all"},
    {"reduce .a[] as $x (.; .b)", "all"},
    {"def f: .b; .a | f", "all"},
    {".a # .b", "all"},
    {".a | \"\\(.b)\"", "all"}, // not so simple
    {".a | if .b then {end: 1} else 2 end", "all"},
    {".a)", "all"},
    {"(.a", "all"},
    {"if .a then .b", "all"},
};

const auto document = boost::json::parse(R"({"a":[{"b":1,"k":"x","n":null},{"b":2}],"b":{"c":"x","id":7},"c":"x",
    "d":[[1,2],[3]],"e":null,"l":{"f":[{"k":"b"},{"k":"z"}]},"f":true})");

} // namespace

BOOST_AUTO_TEST_SUITE(what_an_expression_can_see)

BOOST_DATA_TEST_CASE(is_told_by_its_text, usages, one)
{
    BOOST_TEST(text_of(members_used_by(one.expression)) == one.members);
}

BOOST_DATA_TEST_CASE(is_enough_for_the_answer_that_the_whole_document_gives, usages, one)
{
    const auto library = jq_library::create();
    problems found;
    const auto as_it_is = library->add(one.expression, {});
    const auto of_the_whole = library->add(". | (" + one.expression + "\n)", {});
    if (!library->compile(found))
        return; // no jq at all
    const auto text = [](const evaluated<std::vector<boost::json::value>>& outputs) {
        return outputs ? boost::json::serialize(boost::json::array(outputs->begin(), outputs->end()))
                       : outputs.error().reason;
    };
    BOOST_TEST(text(as_it_is.all(document)) == text(of_the_whole.all(document)));
}

BOOST_AUTO_TEST_CASE(changes_with_the_document)
{
    const auto library = jq_library::create();
    problems found;
    const auto some = library->add(".a as $x | [.b, $x] | length as $all | .", {});
    const auto whole = library->add("keys_unsorted + [.a, .b]", {});
    BOOST_REQUIRE(library->compile(found));
    jq_document changing(boost::json::object{{"a", 1}, {"b", 2}});
    const auto answers = [&] {
        return boost::json::serialize(*some.first(changing)) + boost::json::serialize(*whole.first(changing));
    };
    BOOST_TEST(answers() == R"([2,1]["a","b",1,2])");
    changing.set("b", 3);
    BOOST_TEST(answers() == R"([3,1]["a","b",1,3])");
    changing.erase("a");
    BOOST_TEST(answers() == R"([3,null]["b",null,3])");
    changing.set("a", "new");
    BOOST_TEST(answers() == R"([3,"new"]["b","a","new",3])");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
