#include "tests/support/simulated_program.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

// What a person decides while the program runs, or while it doesn't.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;
using sync::assessment_state;
using sync::decision_kind;

sandbox::sample_applicant person(const std::string& name, sandbox::behavior does = sandbox::behavior::waits)
{
    return {.first_name = name,
            .last_name = "Example",
            .email = name + "@example.com",
            .what = "",
            .does = does,
            .score = 80};
}

sync::assessment only(simulated_program& program)
{
    const auto all = program.assessments();
    BOOST_REQUIRE(all.size() == 1U);
    return all.front();
}

sync::write_back write_back_that_is(simulated_program& program, sync::write_back_state state)
{
    const auto all = program.ledger().write_backs_of(only(program).id);
    const auto found = std::ranges::find(all, state, &sync::write_back::state);
    BOOST_REQUIRE((found != all.end()));
    return *found;
}

/// Decides about assessments, and requires that it was done.
void decided(simulated_program& program, decision_kind kind, std::vector<std::int64_t> ids, std::string why = "")
{
    const auto answer = program.decide({.kind = kind, .ids = std::move(ids), .why = std::move(why)});
    BOOST_REQUIRE(!answer.items.empty());
    for (const auto& one : answer.items)
        BOOST_TEST(one.done, one.text);
}

std::string refusal(simulated_program& program, sync::decision wanted)
{
    const auto answer = program.decide(std::move(wanted));
    BOOST_REQUIRE(answer.items.size() == 1U);
    BOOST_TEST(!answer.items.front().done);
    BOOST_TEST(!answer.is_done());
    return answer.items.front().text;
}

bool contains(const std::string& text, const std::string& words)
{
    return text.find(words) != std::string::npos;
}

/// This happens to requests whose target holds `word`; to no others, and to none if there is no fault.
void disturb(simulated_program& program, fault what, std::string word)
{
    program.network.disturb = [what, word = std::move(word)](const http::request& order) {
        return order.url.find(word) == std::string::npos ? fault::none : what;
    };
}

void ask_for_approval(simulated_program& program)
{
    program.edit_mapping("    test: C++ Senior", "    approve: true\n    test: C++ Senior");
}

} // namespace

BOOST_AUTO_TEST_SUITE(operator_decisions)

BOOST_AUTO_TEST_CASE(who_is_approved_is_invited_and_the_ledger_knows_who_decided_when_and_why)
{
    simulated_program program({person("ada")});
    ask_for_approval(program);
    program.start();
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 0);

    decided(program, decision_kind::approve, {only(program).id}, "the budget is granted");
    program.run_for(10min);

    BOOST_TEST(program.testdome.paid("ada@example.com") == 1);
    const auto decisions = program.ledger().decisions_of(only(program).id);
    BOOST_REQUIRE(decisions.size() == 1U);
    BOOST_TEST(decisions.front().kind == "approve");
    BOOST_TEST(decisions.front().who == "admin");
    BOOST_TEST(decisions.front().why == "the budget is granted");
    const auto transitions = program.ledger().transitions(only(program).id);
    BOOST_TEST(transitions.at(1).cause == "approve by admin: the budget is granted");
    BOOST_TEST(program.events.count("decision.made") == 1);
    BOOST_TEST(
        contains(refusal(program, {.kind = decision_kind::approve, .ids = {only(program).id}}), "it is invited"));
}

BOOST_AUTO_TEST_CASE(everybody_behind_a_limit_is_approved_at_once)
{
    simulated_program program({person("a"), person("b"), person("c")});
    program.edit_settings("invitations_per_poll: 1000", "invitations_per_poll: 2");
    program.edit_settings("invitations_per_day: 1000", "invitations_per_day: 1");
    program.start();
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 0);

    const auto answer = program.decide({.kind = decision_kind::approve, .all = true});
    BOOST_TEST(answer.items.size() == 3U);
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 3);
}

BOOST_AUTO_TEST_CASE(a_decision_on_a_ledger_that_no_daemon_works_with_is_carried_out_when_one_does)
{
    simulated_program program({person("ada")});
    ask_for_approval(program);
    program.start();
    program.run_for(10min);
    program.stop();
    decided(program, decision_kind::approve, {only(program).id});
    BOOST_TEST(program.testdome.paid_in_all() == 0);
    program.start();
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_CASE(who_is_held_is_not_invited_until_a_person_lets_it_go_on)
{
    simulated_program program({person("ada")});
    disturb(program, fault::refused, "/invite-via-email");
    program.start();
    program.run_for(5min);
    decided(program, decision_kind::hold, {only(program).id}, "the job is closed");
    disturb(program, fault::none, "/invite-via-email");
    program.run_for(2h);
    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(only(program).reason == "hold by admin: the job is closed");

    decided(program, decision_kind::retry, {only(program).id});
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(
        contains(refusal(program, {.kind = decision_kind::hold, .ids = {only(program).id}}), "`cancel` withdraws"));
}

BOOST_AUTO_TEST_CASE(reading_everything_anew_is_not_forgotten_if_a_poll_is_under_way_when_it_is_asked_for)
{
    simulated_program program({person("ada")});
    program.edit_mapping("test: C++ Senior", "test: No Such Test");
    program.start();
    program.run_for(630s); // between two polls
    const auto record = [&] { return program.ledger().find_mapping("engineering"); };
    BOOST_TEST(!record().rules_fingerprint.empty());

    const auto before = record();
    BOOST_REQUIRE(program.clock.step_until([&] { return record().last_poll != before.last_poll; }, 2min));
    BOOST_REQUIRE((record().last_success == before.last_success));
    decided(program, decision_kind::retry, {only(program).id});
    BOOST_REQUIRE(program.clock.step_until([&] { return record().last_success != before.last_success; }, 2min));
    BOOST_TEST(record().rules_fingerprint.empty()); // the next poll reads everything
    program.run_for(2min);
    BOOST_TEST(!record().rules_fingerprint.empty());
}

BOOST_AUTO_TEST_CASE(an_invitation_is_withdrawn_and_never_sent_again)
{
    simulated_program program({person("ada")});
    program.start();
    program.run_for(10min);
    decided(program, decision_kind::cancel, {only(program).id}, "withdrew by phone");
    program.run_for(10min);

    BOOST_TEST((only(program).state == assessment_state::canceled));
    BOOST_TEST(program.testdome.candidates().at(0).status == "canceled");
    BOOST_TEST(program.ledger().transitions(only(program).id).back().cause == "withdrawn, as admin decided");
    BOOST_TEST(
        contains(refusal(program, {.kind = decision_kind::retry, .ids = {only(program).id}}), "never sent twice"));
    program.run_for(2h);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_CASE(who_is_canceled_before_the_invitation_costs_nothing_and_may_be_planned_again)
{
    simulated_program program({person("ada")});
    ask_for_approval(program);
    program.start();
    program.run_for(10min);
    decided(program, decision_kind::cancel, {only(program).id});
    program.run_for(2h);
    BOOST_TEST((only(program).state == assessment_state::canceled));
    decided(program, decision_kind::retry, {only(program).id});
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_CASE(an_invitation_in_doubt_that_is_not_wanted_any_more_is_not_sent_again)
{
    simulated_program program({person("ada")});
    disturb(program, fault::lost_request, "/invite-via-email");
    program.start();
    program.run_for(5min);
    BOOST_REQUIRE((only(program).state == assessment_state::unconfirmed));
    decided(program, decision_kind::cancel, {only(program).id});
    disturb(program, fault::none, "/invite-via-email");
    program.run_for(2h);
    BOOST_TEST((only(program).state == assessment_state::canceled));
    BOOST_TEST(program.testdome.paid_in_all() == 0);
}

BOOST_AUTO_TEST_CASE(who_is_taking_the_test_is_not_withdrawn)
{
    simulated_program program({person("ada", sandbox::behavior::abandons)});
    program.start();
    program.run_for(10min);
    BOOST_REQUIRE((only(program).state == assessment_state::started));
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::cancel, .ids = {only(program).id}}), "it is started"));
}

BOOST_AUTO_TEST_CASE(a_later_deadline_reaches_testdome_also_after_a_crash_and_costs_nothing)
{
    simulated_program program({person("ada")});
    program.start();
    program.run_for(10min);
    const auto before = only(program).deadline.value();
    disturb(program, fault::refused, "/testdome");
    const auto answer = program.decide({.kind = decision_kind::extend, .ids = {only(program).id}, .by = 72h});
    BOOST_TEST(answer.is_done());
    program.run_for(1min);
    program.restart();
    disturb(program, fault::none, "/testdome");
    program.run_for(10min);

    BOOST_TEST((program.testdome.candidates().at(0).deadline == before + 72h));
    BOOST_TEST((only(program).deadline == before + 72h));
    BOOST_TEST(program.ledger().wanted_extensions().empty());
    BOOST_TEST(program.events.count("invitation.extended") == 1);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(program.testdome.violations().empty());
    program.run_for(24h * 9);
    BOOST_TEST((only(program).state == assessment_state::invited)); // two days after the first deadline
}

BOOST_AUTO_TEST_CASE(a_deadline_of_a_test_that_is_over_stays)
{
    simulated_program program({person("ada", sandbox::behavior::passes)});
    program.start();
    program.run_for(10min);
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::extend, .ids = {only(program).id}, .by = 1h}),
                        "it is completed"));
}

BOOST_AUTO_TEST_CASE(a_paused_mapping_is_left_alone_and_its_results_wait_until_it_goes_on)
{
    simulated_program program({person("ada", sandbox::behavior::passes)});
    program.start();
    program.run_for(2s);
    BOOST_TEST(
        program.decide({.kind = decision_kind::pause, .subject = "engineering", .why = "moving house"}).is_done());
    long asked = 0;
    program.network.disturb = [&](const http::request& order) {
        asked += order.url.find("/greenhouse") == std::string::npos ? 0 : 1;
        return fault::none;
    };
    program.greenhouse.add_application({"new", "Example", "new@example.com"}, 1000, "Online Test");
    program.run_for(2h);

    BOOST_TEST(asked == 0);
    BOOST_TEST((only(program).state == assessment_state::completed)); // TestDome goes on being asked
    BOOST_TEST(program.greenhouse.notes_of(program.applicants.at(0).application).size() <= 1U);
    BOOST_TEST(refusal(program, {.kind = decision_kind::pause, .subject = "engineering"}) == "it is paused already");

    BOOST_TEST(program.decide({.kind = decision_kind::resume, .subject = "engineering"}).is_done());
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid("new@example.com") == 1);
    BOOST_TEST(program.greenhouse.notes_of(program.applicants.at(0).application).size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_address_that_testdome_refused_is_tried_again_once_it_is_corrected)
{
    simulated_program program({person("ada", sandbox::behavior::is_refused)});
    program.start();
    program.run_for(10min);
    BOOST_REQUIRE((only(program).state == assessment_state::refused));
    program.greenhouse.set_email(program.applicants.at(0).application, "ada.b@example.com");
    program.greenhouse.touch(program.applicants.at(0).application);
    program.run_for(10min);
    decided(program, decision_kind::retry, {only(program).id});
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid("ada.b@example.com") == 1);
}

BOOST_AUTO_TEST_CASE(a_write_back_that_failed_is_repeated_when_a_person_asks_for_it)
{
    simulated_program program({person("ada", sandbox::behavior::passes)});
    program.edit_mapping("    - move_stage: Interview", "    - move_stage: No such stage");
    program.start();
    program.run_for(6h);
    const auto failed = write_back_that_is(program, sync::write_back_state::failed);
    program.greenhouse.rename_stage(1000, "Interview", "No such stage");
    decided(program, decision_kind::replay, {failed.id});
    program.run_for(10min);
    BOOST_TEST(program.greenhouse.stage_of(program.applicants.at(0).application) == "No such stage");
    BOOST_TEST(program.ledger().decisions_of(only(program).id).size() == 1U);
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::replay, .ids = {failed.id}}), "it was written"));
}

BOOST_AUTO_TEST_CASE(a_text_that_could_not_be_made_is_made_with_the_mapping_as_it_is_by_then)
{
    simulated_program program({person("ada", sandbox::behavior::passes)});
    program.edit_mapping("{{ .result.report_url }}", "{{ .result.nothing }}");
    program.start();
    program.run_for(10min);
    const auto held = write_back_that_is(program, sync::write_back_state::held);
    BOOST_TEST(refusal(program, {.kind = decision_kind::replay, .ids = {held.id}}) == held.reason);
    program.stop();
    program.edit_mapping("{{ .result.nothing }}", "{{ .result.score }}");
    decided(program, decision_kind::replay, {held.id});
    program.start();
    program.run_for(10min);
    const auto notes = program.greenhouse.notes_of(program.applicants.at(0).application);
    BOOST_REQUIRE(notes.size() == 2U);
    BOOST_TEST(contains(notes.at(1), "80% in C++ Senior"));
}

BOOST_AUTO_TEST_CASE(nothing_is_decided_about_what_is_not_there)
{
    simulated_program program({person("ada")});
    program.start();
    program.run_for(10min);
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::hold, .ids = {77}}), "there is no assessment 77"));
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::replay, .ids = {77}}), "there is no write-back 77"));
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::pause, .subject = "sales"}), "no mapping"));
    BOOST_TEST(contains(refusal(program, {.kind = decision_kind::forget, .subject = "x@example.com"}), "nobody"));
    BOOST_TEST(program.events.count("decision.made") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
