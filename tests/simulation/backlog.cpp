#include "tests/simulation/people.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

// One poll that finds more than is taken in at once.

namespace testdome_sync::testing {

using namespace std::chrono_literals;
using sync::assessment_state;

namespace {

constexpr int backlog = 30;

/// Takes in ten at a time.
struct program_with_backlog : simulated_program {
    explicit program_with_backlog(const std::string& per_poll = "1000") : simulated_program(people(backlog))
    {
        edit_settings("invitations_per_poll: 1000", "invitations_per_poll: " + per_poll);
        people_at_once = 10;
    }
    int held_for_intake()
    {
        const auto all = assessments();
        return static_cast<int>(std::ranges::count(all, sync::hold_cause::intake, &sync::assessment::cause));
    }
    std::size_t held_notes()
    {
        std::size_t found = 0;
        for (const auto& one : assessments())
            for (const auto& written : ledger().write_backs_of(one.id))
                found += written.event == "held" ? 1 : 0;
        return found;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(backlogs)

BOOST_AUTO_TEST_CASE(everybody_of_a_backlog_is_invited_once_its_last_unit_is_stored)
{
    program_with_backlog program;
    program.start();
    program.run_for(50s); // one poll
    BOOST_TEST(program.testdome.paid_in_all() == backlog);
    BOOST_TEST(program.events.count("poll.done") == 1);
    BOOST_TEST(program.events.count("assessment.held") == 0);
    BOOST_TEST(program.events.count("application.found") == backlog);
    BOOST_TEST(program.events.count("assessment.planned") == backlog);
    BOOST_TEST(program.held_notes() == 0U);
    program.run_for(3h);
    BOOST_TEST(program.complaint() == "");
}

BOOST_AUTO_TEST_CASE(the_last_unit_is_half_as_large_again_rather_than_that_a_few_have_one_of_their_own)
{
    const auto commits_of = [](std::size_t at_once) {
        program_with_backlog program;
        program.people_at_once = at_once;
        program.start();
        BOOST_REQUIRE(program.clock.step_until([&] { return program.events.count("poll.done") == 1; }, 1min));
        return program.ledger().commits;
    };
    const auto in_one = commits_of(backlog);
    BOOST_TEST(commits_of(backlog * 2 / 3) == in_one);
    BOOST_TEST(commits_of(backlog * 2 / 3 - 1) == in_one + 1);
    BOOST_TEST(commits_of(backlog / 3) == in_one + 2); // 10, 10 and 10: the last is not half as large again
}

BOOST_AUTO_TEST_CASE(a_backlog_over_the_limit_is_held_whole_and_told_as_one)
{
    program_with_backlog program("25"); // more than any of its units
    program.start();
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(count(program, assessment_state::held) == backlog);
    BOOST_TEST(program.held_for_intake() == 0);
    BOOST_TEST(program.events.count("limit.reached") == 1);
    BOOST_TEST(program.held_notes() == static_cast<std::size_t>(backlog));
}

BOOST_AUTO_TEST_CASE(of_a_backlog_beyond_the_days_limit_as_many_are_invited_as_it_allows)
{
    program_with_backlog program;
    program.edit_settings("invitations_per_day: 1000", "invitations_per_day: 25");
    program.start();
    program.run_for(1h);
    BOOST_TEST(program.testdome.paid_in_all() == 25);
    BOOST_TEST(count(program, assessment_state::held) == backlog - 25);
    program.run_for(48h);
    BOOST_TEST(program.testdome.paid_in_all() == backlog);
    BOOST_TEST(count(program, assessment_state::held) == 0);
}

BOOST_AUTO_TEST_CASE(a_person_may_decide_between_two_units_and_that_counts)
{
    program_with_backlog program;
    program.start();
    BOOST_REQUIRE(program.clock.step_until([&] { return program.held_for_intake() > 0; }, 10s));
    BOOST_TEST(program.held_for_intake() == 10);
    const auto one = program.assessments().front().id;
    BOOST_TEST(program.decide({.kind = sync::decision_kind::cancel, .ids = {one}}).is_done());
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == backlog - 1);
    BOOST_TEST((program.ledger().find_assessment(one)->state == assessment_state::canceled));
}

BOOST_AUTO_TEST_CASE(whoever_dies_between_two_units_goes_on_with_the_next_poll_and_counts_all_of_them)
{
    for (const auto* limit : {"25", "1000"})
        for (int last_commit = 1; last_commit <= 3; ++last_commit) {
            program_with_backlog program(limit);
            program.start();
            program.ledger().die_after_commit = program.ledger().commits + last_commit;
            program.run_for(10s);
            BOOST_REQUIRE(!program.alive());
            BOOST_TEST(program.testdome.paid_in_all() == 0);

            program.restart();
            program.run_for(10min);
            const bool limited = std::string(limit) == "25";
            BOOST_TEST(program.testdome.paid_in_all() == (limited ? 0 : backlog));
            BOOST_TEST(count(program, assessment_state::held) == (limited ? backlog : 0));
            BOOST_TEST(program.held_for_intake() == 0);
            BOOST_TEST(program.held_notes() == static_cast<std::size_t>(limited ? backlog : 0));
        }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
