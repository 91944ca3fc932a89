#include "tests/simulation/people.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/test/unit_test.hpp>

// Who is invited, who is held and who is left alone.

namespace testdome_sync::testing {

using namespace std::chrono_literals;
using sync::assessment_state;

BOOST_AUTO_TEST_SUITE(decisions)

BOOST_AUTO_TEST_CASE(a_poll_that_selects_more_than_the_limit_invites_nobody)
{
    simulated_program program(people(30));
    program.edit_settings("invitations_per_poll: 1000", "invitations_per_poll: 25");
    program.start();
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(count(program, assessment_state::held) == 30);
    BOOST_TEST(program.events.count("limit.reached") == 1);
}

BOOST_AUTO_TEST_CASE(the_days_limit_holds_the_rest_until_the_next_day)
{
    simulated_program program(people(10));
    program.edit_settings("invitations_per_day: 1000", "invitations_per_day: 4");
    program.start();
    program.run_for(2h);
    BOOST_TEST(program.testdome.paid_in_all() == 4);
    BOOST_TEST(count(program, assessment_state::held) == 6);

    program.run_for(24h);
    BOOST_TEST(program.testdome.paid_in_all() == 8);

    program.run_for(24h);
    BOOST_TEST(program.testdome.paid_in_all() == 10);
}

BOOST_AUTO_TEST_CASE(an_invitation_that_was_refused_does_not_count_against_the_days_limit)
{
    auto applicants = people(3);
    applicants.push_back({.first_name = "Wrong", .last_name = "Address", .email = "wrong@example.com"});
    applicants.back().does = sandbox::behavior::breaks_batch; // TestDome refuses the request that all four are in
    simulated_program program(applicants);
    program.edit_settings("invitations_per_day: 1000", "invitations_per_day: 4");
    program.start();
    program.run_for(10min);

    BOOST_TEST(program.testdome.paid_in_all() == 3);
}

BOOST_AUTO_TEST_CASE(a_rule_that_asks_for_approval_holds_everybody)
{
    simulated_program program(people(2));
    program.edit_mapping("    test: C++ Senior", "    approve: true\n    test: C++ Senior");
    program.start();
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(count(program, assessment_state::held) == 2);
}

BOOST_AUTO_TEST_CASE(a_second_application_of_the_same_person_reuses_the_first_result)
{
    simulated_program program(people(1));
    program.start();
    program.run_for(1h);

    const auto second = apply(program, "p0", "P0@Example.com");
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(program.greenhouse.stage_of(second) == "Interview");
    BOOST_TEST(program.greenhouse.notes_of(second).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_revised_result_reaches_every_application_that_it_counts_for_within_a_day)
{
    simulated_program program(people(1));
    program.start();
    program.run_for(20h);
    const auto email = program.applicants.front().email;
    const auto second = program.greenhouse.add_application({"Person", "One", email}, 1000, "Online Test");
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid(email) == 1);

    program.testdome.revise(email, 91);
    program.run_for(5h); // a day after the result came

    BOOST_TEST(program.greenhouse.field_of(program.applicants.front().application, "testdome_score") == 91);
    BOOST_TEST(program.greenhouse.field_of(second, "testdome_score") == 91);
}

BOOST_AUTO_TEST_CASE(two_applications_of_one_person_in_one_poll_are_paid_for_once)
{
    auto twice = people(2);
    twice[1].email = twice[0].email;
    simulated_program program(twice);
    program.start();
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(count(program, assessment_state::completed) == 2);
}

BOOST_AUTO_TEST_CASE(with_repeat_always_each_application_is_paid_for)
{
    auto twice = people(2);
    twice[1].email = twice[0].email;
    simulated_program program(twice);
    program.edit_mapping("    test: C++ Senior", "    repeat: always\n    test: C++ Senior");
    program.start();
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 2);
    BOOST_TEST(count(program, assessment_state::completed) == 2);
}

BOOST_AUTO_TEST_CASE(with_repeat_after_a_result_counts_until_it_is_that_old)
{
    simulated_program program(people(1));
    program.edit_mapping("    test: C++ Senior", "    repeat: after 2d\n    test: C++ Senior");
    program.edit_mapping("poll: {every: 1m, start: all}", "poll: {every: 10m, start: all}");
    program.start();
    program.run_for(1h);

    apply(program, "p0", "p0@example.com");
    program.run_for(1h);
    BOOST_TEST(program.testdome.paid_in_all() == 1);

    program.run_for(72h);
    apply(program, "p0", "p0@example.com");
    program.run_for(1h);
    BOOST_TEST(program.testdome.paid_in_all() == 2);
    BOOST_TEST(count(program, assessment_state::completed) == 3);
}

BOOST_AUTO_TEST_CASE(a_link_that_opens_without_an_account_is_made_only_for_those_who_ask_for_it)
{
    for (const bool asked_for : {true, false}) {
        simulated_program program(people(1));
        if (asked_for)
            program.edit_mapping("{{ .result.report_url }}", "{{ .result.share_url }}");
        int made = 0;
        program.network.disturb = [&](const http::request& order) {
            made += order.url.ends_with("/sharing-url") ? 1 : 0;
            return fault::none;
        };
        program.start();
        program.run_for(1h);

        BOOST_TEST(made == (asked_for ? 1 : 0));
        BOOST_TEST(program.complaint() == "");
    }
}

BOOST_AUTO_TEST_CASE(a_test_that_does_not_exist_holds_the_applicant_until_it_does)
{
    simulated_program program(people(1));
    program.edit_mapping("    test: C++ Senior ", "    test: C++ Seniro ");
    program.start();
    program.run_for(5min);
    const auto held = program.assessments();
    BOOST_REQUIRE(held.size() == 1U);
    BOOST_TEST(held[0].reason == "TestDome has no test \"C++ Seniro\"; did you mean \"C++ Senior\"?");

    program.testdome.add_test(1003, "C++ Seniro");
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_CASE(a_rejected_applicants_invitation_is_withdrawn_while_it_is_not_started)
{
    auto one = people(1);
    one[0].does = sandbox::behavior::waits;
    simulated_program program(one);
    program.start();
    program.run_for(10min);

    program.greenhouse.set_rejected(program.applicants[0].application);
    program.run_for(10min);

    BOOST_TEST(count(program, assessment_state::canceled) == 1);
    BOOST_TEST(program.events.count("invitation.canceled") == 1);
}

BOOST_AUTO_TEST_CASE(an_address_that_is_added_later_is_noticed_though_the_application_did_not_change)
{
    auto one = people(1);
    one[0].email.clear();
    simulated_program program(one);
    program.start();
    program.run_for(24h);
    BOOST_TEST(count(program, assessment_state::held) == 1);

    program.greenhouse.set_email(program.applicants[0].application, "p0@example.com");
    program.run_for(2h);

    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(count(program, assessment_state::completed) == 1);
}

BOOST_AUTO_TEST_CASE(an_invited_person_whom_testdome_never_lists_is_held_and_not_paid_for_again)
{
    simulated_program program(people(1));
    program.edit_mapping("poll: {every: 1m, start: all}", "poll: {every: 1h, start: all}");
    program.edit_settings("poll: {every: 1m}", "poll: {every: 1h}");
    program.testdome.listing_lag = 24h * 1000;
    program.start();
    program.run_for(24h * 7);
    BOOST_TEST(count(program, assessment_state::invited) == 1);

    program.run_for(24h * 2);
    const auto second = apply(program, "p0", "p0@example.com");
    program.run_for(24h * 2);

    const auto all = program.assessments();
    BOOST_REQUIRE(all.size() == 2U);
    BOOST_TEST((all[0].state == assessment_state::held));
    BOOST_TEST(all[0].reason.find("lists no candidate") != std::string::npos, all[0].reason);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST((all[1].state == assessment_state::held)); // waits for the same person's decision, and says so
    BOOST_TEST(program.greenhouse.notes_of(second).size() == 1U);
}

BOOST_AUTO_TEST_CASE(who_was_planned_by_a_rule_that_is_renamed_is_invited_by_the_renamed_rule)
{
    simulated_program program(people(3));
    program.network.disturb = [](const http::request& order) {
        return order.url.find("invite-via-email") != std::string::npos ? fault::refused : fault::none;
    };
    program.start();
    program.run_for(10min);
    program.stop();
    BOOST_TEST(count(program, assessment_state::planned) == 3);
    program.edit_mapping("name: backend engineers", "name: renamed");
    program.network.disturb = nullptr;

    program.start();
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 3);
}

BOOST_AUTO_TEST_CASE(a_changed_mapping_never_invites_anybody_again)
{
    simulated_program program(people(3));
    program.start();
    program.run_for(1h);
    program.stop();
    program.edit_mapping("test: C++ Senior", "test: 1001");
    program.edit_mapping("name: backend engineers", "name: renamed");

    program.start();
    program.run_for(1h);

    BOOST_TEST(program.testdome.paid_in_all() == 3);
}

namespace {

/// Whoever passes the first test gets another one.
void add_chained_test(simulated_program& program)
{
    program.edit_mapping("    cancel_when: !jq .status == \"rejected\"\n", R"(    continue: true
  - name: then java
    after: {test: C++ Senior, when: !jq .result.passed}
    test: Java Junior
    invitation: {deadline: 3d, reply_to: recruiting@example.com, message: One more test.}
)");
}

} // namespace

BOOST_AUTO_TEST_CASE(a_result_that_comes_after_a_restart_is_followed_by_a_chained_test_at_once)
{
    simulated_program program(people(1));
    add_chained_test(program);
    program.start();
    program.run_for(1s);
    BOOST_REQUIRE(program.testdome.paid_in_all() == 1);
    program.stop();
    program.run_for(10min);

    program.start(); // no poll brings anything new, for which the tests would be read
    program.run_for(2h);

    BOOST_TEST(program.testdome.paid_in_all() == 2);
    BOOST_TEST(program.events.count("assessment.held") == 0);
}

BOOST_AUTO_TEST_CASE(a_chained_test_follows_the_result_of_the_first)
{
    simulated_program program(people(1));
    add_chained_test(program);
    program.start();
    program.run_for(2h);

    BOOST_TEST(program.testdome.paid_in_all() == 2);
    BOOST_TEST(count(program, assessment_state::completed) == 2);
}

BOOST_AUTO_TEST_CASE(a_message_that_has_no_value_is_held_and_the_word_null_is_never_sent)
{
    simulated_program program(people(1));
    program.edit_mapping("{{ .job.name }}", "{{ .raw.nickname }}");
    program.start();
    program.run_for(10min);

    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(count(program, assessment_state::held) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
