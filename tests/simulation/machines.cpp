#include "sync/restored.hpp"
#include "tests/simulation/shared_installation.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <soci/soci.h>

// Two and three machines share a ledger: the real engine and the real SQL of its leases, in virtual time.

namespace testdome_sync::testing {

std::ostream& operator<<(std::ostream& out, fault which); // disturbed.cpp

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;
namespace {

std::vector<sandbox::sample_applicant> some_people()
{
    auto all = sandbox::sample_applicants();
    return {all[0], all[2], all[4], all[5], all[7]};
}

bool is_invitation(const http::request& order)
{
    return order.url.ends_with("/invite-via-email");
}

} // namespace

/// Two machines that have settled: one does TestDome, the other one the mapping.
struct two_machines : shared_installation {
    explicit two_machines(std::vector<sandbox::sample_applicant> people = some_people())
        : shared_installation(2, std::move(people))
    {
    }

    machine& one = machines[0];
    machine& other = machines[1];

    /// Nobody is invited before both have their part.
    void start_both()
    {
        const auto later = [](const http::request& order) {
            return is_invitation(order) ? fault::refused : fault::none;
        };
        one.network.disturb = other.network.disturb = later;
        start(one);
        start(other);
        BOOST_REQUIRE(run_until([&] { return one.does(sync::testdome_part) && other.does(engineering_part); }, 15s));
        one.network.disturb = other.network.disturb = nullptr;
    }
    /// Its first invitation that leaves from now on gets this fault, and then the machine stands still.
    void stand_still_at_invitation(machine& which, fault what)
    {
        which.network.disturb = [this, &which, what](const http::request& order) {
            if (!is_invitation(order) || which.stands_still)
                return fault::none;
            stand_still(which);
            return what;
        };
    }
};

BOOST_AUTO_TEST_SUITE(machines, *boost::unit_test::precondition(only_postgresql{}))

BOOST_AUTO_TEST_CASE(each_does_its_part_and_everybody_is_served)
{
    two_machines both(sandbox::sample_applicants());
    both.start_both();
    both.settle();

    BOOST_TEST(both.complaint() == "");
    BOOST_TEST(both.one.events.count("part.taken") == 2);
    BOOST_TEST(both.one.events.count("part.given") == 1);
    BOOST_TEST(both.other.events.count("part.taken") == 1);
    BOOST_TEST(both.other.events.count("invitation.sent") == 0);
    BOOST_TEST(both.other.events.count("writeback.done") > 0);
}

BOOST_AUTO_TEST_CASE(what_one_machine_plans_another_one_invites_within_seconds)
{
    two_machines both;
    both.start_both();
    both.run_for(1h);
    const std::string email = "late@example.com";
    const auto planned = both.other.events.count("assessment.planned");
    const auto application = both.greenhouse.add_application({"Late", "Comer", email}, 1000, "Online Test");
    BOOST_REQUIRE(both.run_until([&] { return both.other.events.count("assessment.planned") > planned; }, 6min));

    BOOST_TEST(both.run_until([&] { return both.testdome.paid(email) == 1; }, 5s));
    BOOST_TEST(both.run_until([&] { return both.greenhouse.notes_of(application).size() == 1; }, 5s));
}

BOOST_DATA_TEST_CASE(another_machine_goes_on_within_fifteen_seconds_of_a_kill, data::xrange(2) * data::xrange(4), which,
                     round)
{
    two_machines both;
    both.start_both();
    both.run_for(round * 90s);
    auto& victim = both.machines[static_cast<std::size_t>(which)];
    auto& survivor = both.machines[static_cast<std::size_t>(1 - which)];

    both.kill(victim);
    BOOST_TEST(
        both.run_until([&] { return survivor.does(sync::testdome_part) && survivor.does(engineering_part); }, 15s));

    both.run_for(20min);
    both.start(victim);
    both.settle();
    BOOST_TEST(both.complaint() == "");
    BOOST_TEST(both.machine_of(sync::testdome_part) != both.machine_of(engineering_part));
}

BOOST_DATA_TEST_CASE(who_dies_while_an_invitation_is_in_flight_has_it_looked_up_by_another, data::make(all_faults),
                     what)
{
    two_machines both;
    both.testdome.listing_lag = 2min;
    bool was_killed = false;
    both.start(both.one);
    both.one.network.disturb = [&](const http::request& order) {
        was_killed = was_killed || is_invitation(order);
        return is_invitation(order) ? what : fault::none;
    };
    both.start(both.other);
    BOOST_REQUIRE(both.run_until([&] { return was_killed; }, 10min));
    both.one.network.disturb = nullptr;

    both.kill(both.one);
    both.settle();

    BOOST_TEST(both.complaint() == "");
    BOOST_TEST(both.other.events.count("invitation.unconfirmed") > 0);
}

BOOST_DATA_TEST_CASE(who_sleeps_past_its_lease_with_an_invitation_in_flight_wakes_up_and_commits_nothing,
                     data::make({fault::none, fault::lost_answer, fault::refused, fault::no_answer}) *
                         data::make({11, 60, 400, 700}),
                     what, seconds)
{
    two_machines both;
    both.testdome.listing_lag = 2min;
    both.start_both();
    both.stand_still_at_invitation(both.one, what);
    BOOST_REQUIRE(both.run_until([&] { return both.one.stands_still; }, 10min));
    both.one.network.disturb = nullptr;
    BOOST_TEST(both.run_until([&] { return both.other.does(sync::testdome_part); }, 15s));

    both.run_for(std::chrono::seconds{seconds});
    both.wake(both.one);
    both.run_for(5s);
    BOOST_TEST(both.one.end().find("taken over") != std::string::npos, both.one.end());
    both.revive();
    both.settle();

    BOOST_TEST(both.complaint() == "");
}

/// TestDome was reached by nobody; the machine learns of that when another one has invited in its place.
struct one_that_wakes_late : two_machines {
    one_that_wakes_late() : two_machines({sandbox::sample_applicants()[0]}) { testdome.listing_lag = 20min; }

    std::function<void()> put_back = [] {};

    void happen()
    {
        start_both();
        stand_still_at_invitation(one, fault::refused);
        BOOST_REQUIRE(run_until([&] { return one.stands_still; }, 10min));
        one.network.disturb = nullptr;
        BOOST_REQUIRE(run_until([&] { return testdome.paid_in_all() == 1; }, 1h));
        run_for(5s); // until its answer is known
        put_back();
        wake(one);
        run_for(10min);
        revive();
        run_for(1h);
    }
};

BOOST_FIXTURE_TEST_CASE(who_wakes_up_when_another_has_invited_does_not_take_it_back, one_that_wakes_late)
{
    happen();
    BOOST_TEST(double_payment() == "");
}

BOOST_FIXTURE_TEST_CASE(the_checkers_notice_a_machine_that_commits_without_looking_at_its_number, one_that_wakes_late)
{
    // As if nobody looked at it: the machine is put back among those that are there, each time.
    before_start = [this](machine& made) {
        if (&made != &one || made.stands_still)
            return;
        put_back = [this, number = made.connection().shared()->number()] {
            *postgresql_server()->administrator()
                << "INSERT INTO " + schema() + ".machines VALUES(" + std::to_string(number) +
                       ", 'zombie', 0, '', 0, 9000000000000) ON CONFLICT (number) DO NOTHING";
        };
        made.connection().before_begin = put_back;
    };
    happen();
    BOOST_TEST(double_payment() != "");
}

BOOST_AUTO_TEST_CASE(who_wakes_up_writes_nothing_back_that_another_machine_has_taken_over)
{
    two_machines both(sandbox::sample_applicants());
    both.start_both();
    BOOST_REQUIRE(both.run_until([&] { return both.testdome.paid_in_all() > 3; }, 10min));
    both.stand_still(both.other);
    BOOST_REQUIRE(both.run_until([&] { return both.one.does(engineering_part); }, 15s));
    both.run_for(10min);
    int written = 0;
    both.other.network.disturb = [&](const http::request& order) {
        written += order.method != "GET" && order.url.find("/greenhouse/v3/") != std::string::npos ? 1 : 0;
        return fault::none;
    };
    both.wake(both.other);
    both.run_for(5s);
    BOOST_TEST(both.other.end().find("taken over") != std::string::npos, both.other.end());
    BOOST_TEST(written == 0);
    BOOST_TEST(both.one.events.count("writeback.done") > 0);
    both.revive();
    both.settle();

    BOOST_TEST(both.complaint() == "");
}

BOOST_AUTO_TEST_CASE(machines_that_find_the_tables_restored_invite_nobody_before_the_settle_window_is_over)
{
    two_machines both;
    both.before_start = [&](auto& made) {
        if (&made == &both.one) // as daemon/working_ledger.cpp does it: after its parts were made
            sync::mark_restored(made.process->world());
    };
    both.start_both();
    both.run_for(270s);
    BOOST_TEST(both.testdome.paid_in_all() == 0);
    both.settle();

    BOOST_TEST(both.complaint() == "");
}

BOOST_AUTO_TEST_CASE(a_part_moves_when_what_was_under_way_for_it_is_finished)
{
    two_machines both;
    both.start(both.one);
    bool is_under_way = false;
    both.one.network.disturb = [&](const http::request& order) {
        const bool reads = order.url.find("/greenhouse/v3/") != std::string::npos && order.method == "GET";
        is_under_way = is_under_way || reads;
        return reads ? fault::slow : fault::none;
    };
    BOOST_REQUIRE(both.run_until([&] { return is_under_way; }, 1min));
    both.start(both.other);
    both.run_for(20s);
    BOOST_TEST(both.one.does(engineering_part)); // what it reads takes thirty seconds
    BOOST_TEST(!both.other.does(engineering_part));
    both.one.network.disturb = nullptr;
    BOOST_TEST(both.run_until([&] { return both.other.does(engineering_part); }, 3min));
    BOOST_TEST(!both.one.does(engineering_part));
    both.run_for(1h);

    BOOST_TEST(both.one.events.count("poll.failed") == 0);
    BOOST_TEST(both.complaint() == "");
}

BOOST_AUTO_TEST_CASE(who_is_asked_to_stop_leaves_a_part_when_its_invitation_is_answered)
{
    two_machines both;
    both.start(both.one);
    bool is_under_way = false;
    both.one.network.disturb = [&](const http::request& order) {
        is_under_way = is_under_way || is_invitation(order);
        return is_invitation(order) ? fault::slow : fault::none;
    };
    BOOST_REQUIRE(both.run_until([&] { return is_under_way; }, 1min));
    both.one.network.disturb = nullptr;

    both.one.process->engine().stop();
    both.start(both.other);
    both.run_for(10s);
    BOOST_TEST(!both.other.does(sync::testdome_part)); // the request lasts thirty seconds
    BOOST_TEST(both.run_until([&] { return both.one.process->has_ended(); }, 1min));
    both.one.process.reset();
    BOOST_TEST(both.run_until([&] { return both.other.does(sync::testdome_part); }, 4s));
    both.run_for(1h);

    BOOST_TEST(both.other.events.count("invitation.unconfirmed") == 0);
    BOOST_TEST(both.complaint() == "");
}

BOOST_AUTO_TEST_CASE(a_machine_that_comes_back_gets_a_part_again_and_a_third_one_stands_by)
{
    shared_installation all(3, some_people());
    for (auto& one : all.machines)
        all.start(one);
    all.run_for(30s);
    BOOST_TEST(all.machine_of(sync::testdome_part) != all.machine_of(engineering_part));
    const auto idle = [&] {
        return std::ranges::count_if(
            all.machines, [](auto& one) { return !one.does(sync::testdome_part) && !one.does(engineering_part); });
    };
    BOOST_TEST(idle() == 1);
    auto& victim = *all.machine_of(sync::testdome_part);
    all.stop(victim);
    BOOST_TEST(all.run_until([&] { return all.machine_of(sync::testdome_part) != nullptr; }, 4s));
    all.run_for(30s);
    BOOST_TEST(all.machine_of(sync::testdome_part) != all.machine_of(engineering_part));
    all.settle();
    BOOST_TEST(all.complaint() == "");
}

BOOST_AUTO_TEST_CASE(wrong_clocks_of_machines_neither_end_leases_nor_cost_anybody_anything)
{
    two_machines both(sandbox::sample_applicants());
    both.testdome.listing_lag = 5min;
    bool lost = false;
    both.one.network.disturb = [&](const http::request& order) {
        const bool now = !lost && is_invitation(order);
        lost = lost || now;
        return now ? fault::lost_answer : fault::none;
    };
    both.start_both();
    both.one.clock.jump_wall(2h);
    both.other.clock.jump_wall(-3h);
    both.run_for(20min);
    both.one.clock.jump_wall(-4h);
    both.run_for(20min);
    both.kill(both.one);
    both.run_for(1h);
    both.other.clock.jump_wall(3h);
    both.run_for(5h);
    BOOST_TEST(both.double_payment() == "");
    BOOST_TEST(both.one.events.count("part.taken") == 2);
    BOOST_TEST(both.other.events.count("part.taken") == 2);
    BOOST_TEST(both.complaint() == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
