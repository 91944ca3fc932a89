#include "config/jq.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::config {
namespace {

position nowhere(std::uint32_t line = 1)
{
    auto file = std::make_shared<source>();
    file->name = "file.yaml";
    return {file, line, 1, 1};
}

std::string applied(const std::string& expression, const std::string& document)
{
    auto library = jq_library::create();
    const auto made = library->add(expression, nowhere());
    problems found;
    if (!library->compile(found))
        return "problem: " + found.text();
    const auto answer = made.first(boost::json::parse(document));
    return answer ? boost::json::serialize(*answer) : "failure: " + answer.error().reason;
}

} // namespace

BOOST_AUTO_TEST_SUITE(jq)

BOOST_AUTO_TEST_CASE(an_expression_is_applied_to_its_document)
{
    BOOST_TEST(applied(".a + 1", R"({"a":2})") == "3");
    BOOST_TEST(applied(".a | ascii_upcase", R"({"a":"x"})") == R"("X")");
    BOOST_TEST(applied("empty", "{}") == "null");
    BOOST_TEST(applied(".id", R"({"id":9007199254740991})") == "9007199254740991");
}

BOOST_AUTO_TEST_CASE(an_identifier_that_jq_would_round_stays_what_it_is)
{
    BOOST_TEST(applied(".id", R"({"id":850051000000588062})") == R"("850051000000588062")");
}

BOOST_AUTO_TEST_CASE(many_expressions_of_one_library_do_not_disturb_each_other)
{
    auto library = jq_library::create();
    std::vector<jq_expression> all;
    for (int i = 0; i < 50; ++i)
        all.push_back(library->add("def f: " + std::to_string(i) + "; f # comment", nowhere()));
    problems found;
    BOOST_REQUIRE(library->compile(found));
    for (std::size_t i = 0; i < all.size(); ++i)
        BOOST_TEST(*all[i].first(boost::json::object{}) == boost::json::value(i));
}

BOOST_AUTO_TEST_CASE(what_is_not_jq_is_told_at_its_own_position)
{
    auto library = jq_library::create();
    library->add(".good", nowhere(1));
    library->add(".bad ==", nowhere(2));
    library->add(".worse(", nowhere(3));
    problems found;
    BOOST_TEST(!library->compile(found));
    BOOST_REQUIRE(found.list().size() == 2U);
    BOOST_TEST(found.list()[0].where.line == 2U);
    BOOST_TEST(found.list()[1].where.line == 3U);
    BOOST_TEST(found.list()[0].message.find("not a jq expression: syntax error") == 0U);
}

BOOST_AUTO_TEST_CASE(an_expression_can_not_break_out_of_its_place_in_the_program)
{
    BOOST_TEST(applied("1) else (2", "{}").find("problem: ") == 0U);
    BOOST_TEST(applied("\"(\" + \")\"", "{}") == "\"()\"");
}

BOOST_AUTO_TEST_CASE(the_environment_can_not_be_read)
{
    BOOST_TEST(applied("env.HOME", "{}").find("a value of the environment is written !env NAME") != std::string::npos);
    BOOST_TEST(applied("$ENV.HOME", "{}").find("problem: ") == 0U);
    BOOST_TEST(applied("$ ENV.HOME", "{}").find("a value of the environment is written !env NAME") !=
               std::string::npos);
    BOOST_TEST(applied(".ENV", R"({"ENV":1})") == "1");
    BOOST_TEST(applied("input", "{}").find("problem: ") == 0U);
    BOOST_TEST(applied("import \"a\" as a; 1", "{}").find("\"import\" can't be used here") != std::string::npos);
    BOOST_TEST(applied(".env", R"({"env":1})") == "1");
}

BOOST_AUTO_TEST_CASE(a_failure_tells_its_reason_without_the_data)
{
    const auto told = applied(".a + 1", R"({"a":"ada@example.com"})");
    BOOST_TEST(told == "failure: string and number cannot be added");
    BOOST_TEST(applied(".a | tonumber", "{\"a\":\"Ada (a')\"}") ==
               "failure: Invalid numeric literal at line 1, column 4");
    BOOST_TEST(applied(".a | strptime(\"%Y\")", R"({"a":"Ada \" does not match \n"})") ==
               "failure: the text does not match format \"%Y\"");
}

BOOST_AUTO_TEST_CASE(a_condition_is_true_as_jq_sees_it)
{
    auto library = jq_library::create();
    const auto made = library->add(".a", nowhere());
    problems found;
    BOOST_REQUIRE(library->compile(found));
    BOOST_TEST(*made.test(boost::json::parse(R"({"a":0})")));
    BOOST_TEST(!*made.test(boost::json::parse(R"({"a":false})")));
    BOOST_TEST(!*made.test(boost::json::parse("{}")));
}

BOOST_AUTO_TEST_CASE(an_expression_that_never_ends_is_stopped)
{
    // Each asks for memory at every turn: ThreadSanitizer keeps a signal back until then.
    for (const auto* endless : {"until(false; tostring | tonumber)", "[range(infinite) | tostring]",
                                "last(range(infinite) | tostring)", "try until(false; tostring | tonumber) catch 1"}) {
        auto library = jq_library::create(std::chrono::milliseconds{100});
        const auto made = library->add("1 | " + std::string(endless), nowhere());
        const auto neighbour = library->add(".a", nowhere());
        problems found;
        BOOST_REQUIRE(library->compile(found));
        const auto answer = made.first(boost::json::object{});
        BOOST_REQUIRE(!answer);
        BOOST_TEST(answer.error().reason == "it takes too long and was stopped");
        BOOST_TEST(*neighbour.first(boost::json::parse(R"({"a":7})")) == boost::json::value(7));
    }
}

BOOST_AUTO_TEST_CASE(an_expression_that_is_stopped_time_and_again_is_not_tried_any_more)
{
    auto library = jq_library::create(std::chrono::milliseconds{20});
    const auto made = library->add("if .endless then 1 | until(false; tostring | tonumber) else 1 end", nowhere());
    problems found;
    BOOST_REQUIRE(library->compile(found));
    const jq_document endless(boost::json::parse(R"({"endless":true})")), well(boost::json::parse("{}"));
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(!made.first(endless));
        BOOST_TEST(!made.first(endless));
        BOOST_TEST(*made.first(well) == boost::json::value(1));
    }
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(!made.first(endless));
    BOOST_TEST(made.first(well).error().reason ==
               "it was stopped 3 times in a row because it takes too much; correct it and restart");
}

BOOST_AUTO_TEST_CASE(an_expression_that_fills_the_memory_is_stopped)
{
    auto library = jq_library::create(std::chrono::seconds{20});
    const auto made = library->add("def f: 1 + f; f", nowhere());
    problems found;
    BOOST_REQUIRE(library->compile(found));
    BOOST_TEST(made.first(boost::json::object{}).error().reason == "it takes too much memory and was stopped");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_small_in_jq_and_huge_when_written_out_is_refused)
{
    BOOST_TEST(applied("reduce range(60) as $i (1; [., .])", "{}") == "failure: its answer is too large");
    BOOST_TEST(applied(R"(reduce range(30) as $i ("x" * 1000; [., .]))", "{}") == "failure: its answer is too large");
    BOOST_TEST(applied("reduce range(5000) as $i (1; [.])", "{}") == "failure: its answer is too large");
}

BOOST_AUTO_TEST_CASE(no_output_is_left_out_silently)
{
    auto library = jq_library::create();
    const auto many = library->add("range(20000)", nowhere());
    const auto too_many = library->add("range(2000000)", nowhere());
    problems found;
    BOOST_REQUIRE(library->compile(found));
    BOOST_TEST(many.all(boost::json::object{})->size() == 20000U);
    BOOST_TEST(!too_many.all(boost::json::object{}));
}

BOOST_AUTO_TEST_CASE(a_member_of_a_document_can_be_changed_before_and_after_it_was_looked_at)
{
    const auto library = jq_library::create();
    const auto all = library->add("[.a, .b, .c] | map(tostring) | add", {}); // libjq's business
    problems none;
    BOOST_REQUIRE(library->compile(none));
    const auto seen = [&](const jq_document& document) { return std::string(all.first(document)->as_string()); };
    jq_document document(boost::json::object{{"a", 1}, {"b", 2}});
    document.set("b", 3);
    BOOST_TEST(seen(document) == "13null");
    document.set("c", boost::json::object{{"d", 4}});
    document.set("a", "x");
    BOOST_TEST(seen(document) == R"(x3{"d":4})");
    document.erase("c");
    document.erase("nothing of this name");
    BOOST_TEST(seen(document) == "x3null");
    BOOST_TEST((document.object() == boost::json::object{{"a", "x"}, {"b", 3}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::config
