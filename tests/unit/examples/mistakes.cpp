#include "tests/unit/examples/played.hpp"

#include <boost/test/unit_test.hpp>

// What a person who writes examples gets wrong, and what is said of it.

namespace testdome_sync::examples {
namespace {

std::string complaint(const std::string& examples)
{
    const played made(preset, "credentials: {key: k}\nexamples:\n" + examples);
    BOOST_TEST(!made.report.has_value());
    const auto all = made.complaints();
    return all.substr(0, all.find('\n'));
}

} // namespace

BOOST_AUTO_TEST_SUITE(mistakes_in_examples)

BOOST_AUTO_TEST_CASE(an_unknown_key_is_told_with_the_nearest_one)
{
    BOOST_TEST(complaint("  - {name: a, check: , exchange: []}") ==
               "e.yaml:3:24: unknown key \"exchange\" in an example; did you mean \"exchanges\"?");
    BOOST_TEST(complaint("  - {name: a, check: , exchanges: [{request: {path: /a}, anser: 200}]}")
                   .find("an exchange needs \"answer\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_example_is_about_one_thing)
{
    BOOST_TEST(complaint("  - {name: a}") == "e.yaml:3:5: an example has one of poll, action and check");
    BOOST_TEST(complaint("  - {name: a, check: , action: note, application: {id: 1}}") ==
               "e.yaml:3:5: an example has one of poll, action and check");
    BOOST_TEST(complaint("  - {check: }") == "e.yaml:3:5: an example needs \"name\"");
    BOOST_TEST(complaint("  - {name: a, action: note}") == "e.yaml:3:5: an example needs \"application\"");
}

BOOST_AUTO_TEST_CASE(times_paths_outcomes_and_answers_have_their_form)
{
    BOOST_TEST(complaint("  - {name: a, poll: {since: yesterday}}") ==
               "e.yaml:3:29: \"since\" is a time such as 2026-11-24T08:00:00Z");
    BOOST_TEST(complaint("  - {name: a, check: , exchanges: [{request: {path: apps}, answer: 200}]}")
                   .find("\"path\" begins with /") != std::string::npos);
    BOOST_TEST(complaint("  - {name: a, check: , outcome: denyed}").find("did you mean \"denied\"?") !=
               std::string::npos);
    BOOST_TEST(complaint("  - {name: a, check: , exchanges: [{request: {path: /a}, answer: OK}]}")
                   .find("\"answer\" is a status such as 204") != std::string::npos);
    BOOST_TEST(complaint("  - {name: a, check: , exchanges: {path: /a}}").find("\"exchanges\" must be a list") !=
               std::string::npos);
    BOOST_TEST(complaint("  - {name: a, check: , exchanges: [{request: {path: /a, body: 1, form: {}}, answer: 200}]}")
                   .find("one of body, form and text") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(credentials_are_those_of_the_preset)
{
    BOOST_TEST(played(preset, "credentials: {kee: k}\nexamples: []\n").complaints() ==
               "e.yaml:1:14: \"credentials\" needs \"key\": a key\n"
               "e.yaml:1:15: unknown credential \"kee\"; did you mean \"key\"?\n");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::examples
