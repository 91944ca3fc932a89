#include "tests/simulation/people.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/test/unit_test.hpp>

#include <map>
#include <set>

// The events that carry an application's id are its whole story: everything that the ledger's audit knows was told.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;
using sync::decision_kind;

/// Which events tell that an assessment has reached this state.
const std::map<std::string, std::set<std::string>> tellers{
    {"planned", {"assessment.planned", "invitation.confirmed", "decision.made"}},
    {"held", {"assessment.held", "decision.made"}},
    {"unconfirmed", {"invitation.unconfirmed"}},
    {"invited", {"invitation.sent", "invitation.confirmed", "invitation.adopted", "decision.made"}},
    {"started", {"assessment.started", "invitation.adopted"}},
    {"scoring", {"result.received", "invitation.adopted"}},
    {"completed", {"result.received", "invitation.adopted"}},
    {"did_not_take", {"result.received", "invitation.adopted"}},
    {"canceled", {"invitation.canceled", "invitation.adopted", "decision.made"}},
    {"refused", {"invitation.refused"}},
};

std::string field_of(const sync::event& event, std::string_view name)
{
    const auto found = std::ranges::find(event.fields, name, &sync::field::name);
    return found == event.fields.end() ? "" : found->value;
}

/// As `journalctl TDS_MAPPING=engineering TDS_APPLICATION=…` shows it.
std::vector<std::string> story_of(const simulated_program& program, const sync::assessment& about)
{
    std::vector<std::string> names;
    for (const auto& event : program.events.all)
        if (field_of(event, "mapping") == about.mapping && field_of(event, "application") == about.application_id)
            names.emplace_back(event.type->name);
    return names;
}

/// Each transition of each assessment, and each write-back that was carried out, has an event of its own.
void require_whole_stories(simulated_program& program)
{
    const auto assessments = program.assessments();
    BOOST_REQUIRE(!assessments.empty());
    for (const auto& one : assessments) {
        const auto story = story_of(program, one);
        std::map<std::string, long> reached;
        const auto transitions = program.ledger().transitions(one.id);
        for (std::size_t i = 0; i < transitions.size(); ++i) {
            const auto& row = transitions[i];
            const bool is_only_a_step = row.to == "inviting" || row.from == row.to;
            const bool held_by_the_same_poll = row.to == "planned" && i + 1 < transitions.size() &&
                                               transitions[i + 1].to == "held" && transitions[i + 1].at == row.at;
            if (!is_only_a_step && !held_by_the_same_poll)
                ++reached[row.to];
        }
        for (const auto& [state, times] : reached) {
            const auto& telling = tellers.at(state);
            const auto told = std::ranges::count_if(story, [&](const auto& name) { return telling.contains(name); });
            BOOST_TEST(told >= times,
                       one.application_id << " became " << state << ' ' << times << " times, told " << told);
        }
        const auto written = program.ledger().write_backs_of(one.id);
        BOOST_TEST(std::ranges::count(story, "writeback.done") ==
                   std::ranges::count(written, sync::write_back_state::done, &sync::write_back::state));
        BOOST_TEST(std::ranges::count(story, "application.found") == 1);
    }
}

void require_whole_stories_where_a_tenth_fails(fault which)
{
    simulated_program program;
    seeded_random dice(4711);
    bool calm = false;
    program.network.disturb = [&](const http::request&) { return !calm && dice.uniform() < 0.1 ? which : fault::none; };
    program.start();
    program.run_for(3h);
    calm = true;
    program.run_for(3h);
    require_whole_stories(program);
}

} // namespace

BOOST_AUTO_TEST_SUITE(stories)

BOOST_AUTO_TEST_CASE(each_sample_applicants_story_is_whole_and_whoever_was_skipped_has_one_too)
{
    simulated_program program;
    program.start();
    program.run_for(30min);
    require_whole_stories(program);
    BOOST_TEST(program.events.count("application.found") >= static_cast<long>(program.assessments().size()));
}

BOOST_AUTO_TEST_CASE(the_story_of_who_passes_reads_from_the_first_look_to_the_last_note)
{
    simulated_program program(std::vector{person("ada")});
    program.testdome.set_pace("ada@example.com", {.starts = 5min, .finishes = 10min});
    program.start();
    program.run_for(30min);
    const auto story = story_of(program, program.assessments().at(0));
    const std::vector<std::string> expected{"application.found", "assessment.planned", "invitation.sent",
                                            "writeback.done",    "assessment.started", "result.received",
                                            "writeback.done",    "writeback.done",     "writeback.done"};
    BOOST_TEST(story == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_limits_hold_and_people_decide_belongs_to_each_ones_story)
{
    auto people = std::vector{person("ada"), person("alan"), person("grace"), person("edsger")};
    simulated_program program(people);
    program.edit_settings("invitations_per_day: 1000, invitations_per_poll: 1000",
                          "invitations_per_day: 1, invitations_per_poll: 3");
    program.start();
    program.run_for(10min);
    BOOST_TEST(program.events.count("limit.reached") == 1);
    BOOST_TEST(program.events.count("assessment.held") == 4);
    const auto all = program.assessments();
    const std::vector ids{all[0].id, all[1].id};
    BOOST_TEST(program.decide({.kind = decision_kind::retry, .ids = {all[2].id}}).is_done() == false);
    BOOST_TEST(program.decide({.kind = decision_kind::approve, .ids = ids}).is_done());
    BOOST_TEST(program.decide({.kind = decision_kind::cancel, .ids = {all[3].id}}).is_done());
    program.run_for(30min);
    require_whole_stories(program);
    BOOST_TEST(program.decide({.kind = decision_kind::forget, .subject = all[0].email}).is_done());
    BOOST_TEST(story_of(program, all[0]).back() == "decision.made");
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_next_day_is_told_to_wait_and_told_to_go_on)
{
    simulated_program program(std::vector{person("ada"), person("alan")});
    program.edit_settings("invitations_per_day: 1000", "invitations_per_day: 1");
    program.start();
    program.run_for(30h);
    BOOST_TEST(program.testdome.paid_in_all() == 2);
    require_whole_stories(program);
}

BOOST_AUTO_TEST_CASE(stories_stay_whole_where_requests_fail)
{
    for (const auto which : all_faults) {
        BOOST_TEST_CONTEXT(to_text(which))
        require_whole_stories_where_a_tenth_fails(which);
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
