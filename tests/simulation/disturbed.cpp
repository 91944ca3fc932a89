#include "tests/support/simulated_program.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

// Each step of the network and of the ledger fails once; the books of the simulated servers must be right all the same.

namespace testdome_sync::testing {

std::ostream& operator<<(std::ostream& out, fault which)
{
    return out << to_text(which);
}

namespace {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

/// Few people, each with another fate, so that a run is short.
std::vector<sandbox::sample_applicant> a_few()
{
    auto all = sandbox::sample_applicants();
    std::vector<sandbox::sample_applicant> few{all[0], all[2], all[4], all[5], all[7]};
    return few;
}

} // namespace

/// Polls every ten minutes, so that hours cost little.
struct unhurried : simulated_program {
    explicit unhurried(std::vector<sandbox::sample_applicant> people) : simulated_program(std::move(people))
    {
        edit_mapping("poll: {every: 1m, start: all}", "poll: {every: 10m, start: all}");
        edit_settings("poll: {every: 1m}", "poll: {every: 10m}");
    }
};

BOOST_AUTO_TEST_SUITE(disturbed)

BOOST_DATA_TEST_CASE(any_single_request_may_fail_in_any_way, data::make(all_faults), which)
{
    long requests = 0;
    {
        unhurried undisturbed(a_few());
        undisturbed.start();
        undisturbed.run_for(2h);
        requests = std::min(undisturbed.network.count, 45L); // after that nothing new happens
    }
    for (long number = 1; number <= requests; ++number) {
        unhurried program(a_few());
        program.network.disturb = [&](const http::request&) {
            return program.network.count == number ? which : fault::none;
        };

        program.start();
        program.run_for(2h);

        BOOST_TEST_CONTEXT("request " << number)
        BOOST_TEST(program.complaint(true) == "");
    }
}

BOOST_DATA_TEST_CASE(a_tenth_of_all_requests_may_fail, data::make(all_faults) * data::xrange(5), which, seed)
{
    unhurried program(sandbox::sample_applicants());
    seeded_random dice(static_cast<std::uint64_t>(seed) * 7919 + 13);
    bool calm = false;
    program.network.disturb = [&](const http::request&) { return !calm && dice.uniform() < 0.1 ? which : fault::none; };

    program.start();
    program.run_for(3h);
    calm = true; // once the faults stop, everything settles within a bounded time
    program.run_for(6h);

    BOOST_TEST(program.complaint(true) == "");
}

using commit_limit = std::optional<long> mortal_ledger::*;

/// Runs a few applicants' lives with the process killed at each of its first commits, and once more after that.
void kill_at_each_commit(commit_limit limit)
{
    for (long number = 1; number < 60; ++number) {
        unhurried program(a_few());
        program.start();
        program.ledger().*limit = number + 1;
        for (int i = 0; i < 3600 && program.alive(); ++i)
            program.run_for(1s);
        program.restart();
        program.run_for(3h);

        BOOST_TEST_CONTEXT("commit " << number)
        BOOST_TEST(program.complaint(true) == "");
    }
}

BOOST_AUTO_TEST_CASE(the_process_may_be_killed_before_any_commit)
{
    kill_at_each_commit(&mortal_ledger::die_before_commit);
}

BOOST_AUTO_TEST_CASE(the_process_may_be_killed_after_any_commit)
{
    kill_at_each_commit(&mortal_ledger::die_after_commit);
}

BOOST_AUTO_TEST_CASE(an_invitation_whose_answer_was_lost_is_looked_up_and_never_sent_again)
{
    auto people = a_few();
    people.erase(people.begin() + 3); // nobody learns that an address was refused while every answer is lost
    unhurried program(people);
    program.network.disturb = [](const http::request& order) {
        return order.url.find("invite-via-email") != std::string::npos ? fault::lost_answer : fault::none;
    };

    program.start();
    program.run_for(1h);

    BOOST_TEST(program.complaint(true) == "");
    BOOST_TEST(program.testdome.invite_requests() == 1);
    BOOST_TEST(program.events.count("invitation.unconfirmed") > 0);
    BOOST_TEST(program.events.count("invitation.confirmed") > 0);
}

BOOST_AUTO_TEST_CASE(a_listing_that_lags_behind_does_not_make_an_unconfirmed_invitation_be_paid_twice)
{
    unhurried program(a_few());
    program.testdome.listing_lag = 10min;
    bool lost = false;
    program.network.disturb = [&](const http::request& order) {
        const bool first = !lost && order.url.find("invite-via-email") != std::string::npos;
        lost = lost || first;
        return first ? fault::lost_answer : fault::none;
    };

    program.start();
    program.run_for(2h);

    BOOST_TEST(program.complaint(true) == "");
}

BOOST_AUTO_TEST_CASE(an_invitation_that_never_arrived_is_sent_again_after_the_settle_window)
{
    unhurried program(a_few());
    bool lost = false;
    program.network.disturb = [&](const http::request& order) {
        const bool first = !lost && order.url.find("invite-via-email") != std::string::npos;
        lost = lost || first;
        return first ? fault::lost_request : fault::none;
    };

    program.start();
    program.run_for(10min);
    BOOST_TEST(program.testdome.paid_in_all() == 0);
    program.run_for(2h);

    BOOST_TEST(program.complaint(true) == "");
}

BOOST_AUTO_TEST_CASE(testdome_being_down_for_hours_is_told_once_and_survived)
{
    unhurried program(sandbox::sample_applicants());
    program.start();
    program.run_for(2s);
    program.network.disturb = [](const http::request& order) {
        return order.url.find("/testdome/") != std::string::npos ? fault::refused : fault::none;
    };
    program.run_for(5h);
    BOOST_TEST(program.events.count("testdome.failed") == 1);

    program.network.disturb = nullptr;
    program.run_for(1h);

    BOOST_TEST(program.events.count("testdome.recovered") == 1);
    BOOST_TEST(program.complaint(true) == "");
}

BOOST_AUTO_TEST_CASE(nobody_is_missed_after_a_clock_that_ran_ahead_was_set_back)
{
    simulated_program program(a_few());
    program.start();
    program.run_for(30min);
    const auto before = program.testdome.paid_in_all();
    program.clock.jump_wall(48h);
    program.run_for(10min);
    program.clock.jump_wall(-48h);
    program.run_for(2h); // nothing new, for longer than the overlap

    program.greenhouse.add_application({"Late", "Comer", "late@example.com"}, 1000, "Online Test");
    program.run_for(10min);

    BOOST_TEST(program.testdome.paid_in_all() == before + 1);
}

BOOST_AUTO_TEST_CASE(nobody_is_missed_if_the_clock_that_ran_ahead_was_set_back_while_the_program_did_not_run)
{
    simulated_program program(a_few());
    program.start();
    program.run_for(30min);
    const auto before = program.testdome.paid_in_all();
    program.clock.jump_wall(48h);
    program.run_for(10min);
    program.stop();
    program.clock.jump_wall(-48h);

    program.greenhouse.add_application({"Late", "Comer", "late@example.com"}, 1000, "Online Test");
    program.run_for(49h); // until the time that the clock had shown has really passed
    program.start();
    program.run_for(10min);

    BOOST_TEST(program.testdome.paid_in_all() == before + 1);
}

BOOST_DATA_TEST_CASE(what_failed_while_the_clock_ran_ahead_does_not_wait_until_that_time_has_come,
                     data::make({"/invite-via-email", "/notes", "/move"}) * data::make({false, true}), place, restarts)
{
    simulated_program program(a_few());
    program.network.disturb = [&](const http::request& order) {
        return order.method == "POST" && order.url.ends_with(place) ? fault::lost_request : fault::none;
    };
    program.clock.jump_wall(24h * 400);
    program.start();
    program.run_for(2h);
    if (restarts)
        program.stop();
    program.clock.jump_wall(-24h * 400);
    program.network.disturb = nullptr;
    if (restarts)
        program.start();

    program.run_for(8h);

    BOOST_TEST(program.complaint(true) == "");
}

BOOST_AUTO_TEST_CASE(a_clock_that_is_set_forward_does_not_end_the_wait_for_an_invitation_in_doubt)
{
    simulated_program program(a_few());
    program.testdome.listing_lag = 10min;
    bool lost = false;
    program.network.disturb = [&](const http::request& order) {
        const bool now = !lost && order.url.ends_with("/invite-via-email");
        lost = lost || now;
        return now ? fault::lost_answer : fault::none;
    };
    program.start();
    program.run_for(2min);
    BOOST_REQUIRE(lost);
    program.clock.jump_wall(3h); // the settle window seems to be over, and TestDome's list doesn't show anybody yet

    program.run_for(2h);

    for (const auto& one : program.applicants)
        BOOST_TEST(program.testdome.paid(one.email) <= 1, one.email);
    BOOST_TEST(program.events.count("invitation.confirmed") > 0);
}

BOOST_AUTO_TEST_CASE(tokens_that_end_after_seconds_are_renewed)
{
    unhurried program(sandbox::sample_applicants());
    program.testdome.token_life = 3s;
    program.greenhouse.token_life = 3s;

    program.start();
    program.run_for(1h);

    BOOST_TEST(program.complaint(true) == "");
    BOOST_TEST(program.events.count("auth.failed") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
