#include "tests/simulation/people.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/test/unit_test.hpp>

// Who was there before the mapping's start.

namespace testdome_sync::testing {

using namespace std::chrono_literals;
using sync::assessment_state;

BOOST_AUTO_TEST_SUITE(start)

BOOST_AUTO_TEST_CASE(the_first_start_invites_nobody_who_applied_earlier)
{
    simulated_program program(people(3));
    program.edit_mapping("start: all", "start: now");
    program.run_for(1h);
    program.start();
    program.run_for(5min);
    BOOST_TEST(program.testdome.paid_in_all() == 0);

    apply(program, "new", "new@example.com");
    program.run_for(5min);

    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(program.testdome.paid("new@example.com") == 1);
}

BOOST_AUTO_TEST_CASE(who_may_have_applied_before_the_start_is_held_until_a_person_says_otherwise)
{
    for (const bool bounded : {false, true}) {
        simulated_program program(people(1));
        program.edit_mapping("start: all", "start: now");
        program.edit_mapping("rules:", std::string("application: {applied_at: null") +
                                           (bounded ? ", applied_after: !jq .created_at" : "") + "}\nrules:");
        program.run_for(3h); // further back than the first poll looks
        program.start();
        program.run_for(5min);
        BOOST_TEST(program.assessments().empty());

        program.greenhouse.touch(program.applicants.front().application);
        program.run_for(5min);
        BOOST_REQUIRE(program.assessments().size() == 1U);
        const auto held = program.assessments().front();
        BOOST_TEST((held.state == assessment_state::held));
        BOOST_TEST(held.reason.starts_with("the HR system doesn't tell when this person applied"), held.reason);
        apply(program, "new", "new@example.com");
        program.run_for(5min);
        BOOST_TEST(program.testdome.paid_in_all() == (bounded ? 1 : 0));
        BOOST_TEST(count(program, assessment_state::held) == (bounded ? 1 : 2));

        program.decide({.kind = sync::decision_kind::approve, .ids = {held.id}});
        program.run_for(10min);
        BOOST_TEST(program.testdome.paid("p0@example.com") == 1);
        BOOST_TEST(program.testdome.paid_in_all() == (bounded ? 2 : 1));
    }
}

BOOST_AUTO_TEST_CASE(who_was_rejected_at_the_first_poll_does_not_become_new_by_being_taken_up_again)
{
    simulated_program program(people(1));
    program.edit_mapping("start: all", "start: now");
    program.edit_mapping("rules:", "list: {window: applied}\napplication: {applied_at: null, status: !jq if "
                                   ".joined.candidate.first_name == \"Gone\" then \"rejected\" else \"active\" "
                                   "end}\nrules:");
    const auto old = program.applicants.front().application;
    program.greenhouse.set_first_name(old, "Gone");
    program.run_for(30min); // the first poll looks that far back
    program.start();
    program.run_for(5min);
    program.greenhouse.set_first_name(old, "Back");
    program.greenhouse.touch(old);
    program.run_for(5min);
    BOOST_TEST(program.assessments().empty());

    apply(program, "new", "new@example.com");
    program.run_for(5min);
    BOOST_TEST(program.testdome.paid("new@example.com") == 1);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_CASE(who_applied_before_a_given_date_is_not_invited)
{
    simulated_program program(people(1)); // applied on 2026-11-24
    program.edit_mapping("poll: {every: 1m, start: all}", "poll: {every: 1m, start: 2026-11-25}");
    program.start();
    program.run_for(20h);
    BOOST_TEST(program.testdome.paid_in_all() == 0);

    apply(program, "late", "late@example.com"); // on the next day
    program.run_for(1h);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
