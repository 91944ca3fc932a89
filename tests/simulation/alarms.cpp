#include "sync/alarm_watch.hpp"
#include "tests/simulation/people.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

// Who is told what, when something needs a person.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

/// Keeps what people were told.
struct recorded_notices final : sync::notifier {
    awaitable<sync::result<void>> tell(sync::notice told) override
    {
        if (fails)
            co_return sync::failure{sync::errc::not_sent, "nobody answers"};
        all.push_back((told.over ? "over: " : "") + told.about.name);
        co_return sync::result<void>{};
    }
    awaitable<sync::result<void>> sign_of_life() override
    {
        ++signs;
        co_return sync::result<void>{};
    }

    std::vector<std::string> all;
    int signs = 0;
    bool fails = false;
};

/// A program that is watched, until its watch is stopped.
struct watched_program : simulated_program {
    using simulated_program::simulated_program;

    void watch()
    {
        watching.emplace(clock.context().get_executor(), world(), &notices);
        boost::asio::co_spawn(clock.context(), watching->run(), boost::asio::detached);
    }
    void end()
    {
        watching->stop();
        run_for(1s);
        stop();
    }
    void disturb(const std::string& word, fault what)
    {
        network.disturb = [=](const http::request& order) {
            return order.url.find(word) == std::string::npos ? fault::none : what;
        };
    }
    std::vector<std::string> told() { return std::exchange(notices.all, {}); }

    recorded_notices notices;
    std::optional<sync::alarm_watch> watching;
};

using names = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(alarms)

BOOST_AUTO_TEST_CASE(a_quiet_program_raises_nothing_and_gives_signs_of_life)
{
    watched_program program(std::vector{person("ada")});
    program.start();
    program.watch();
    program.run_for(24h);
    BOOST_TEST(program.told() == names{}, boost::test_tools::per_element());
    BOOST_TEST(program.events.count("alarm.raised") == 0);
    BOOST_TEST(program.notices.signs > 100);
    program.end();
}

BOOST_AUTO_TEST_CASE(an_hr_system_that_is_down_is_told_once_as_warning_once_as_critical_and_once_when_it_is_back)
{
    watched_program program(std::vector{person("ada")});
    program.start();
    program.watch();
    program.run_for(1h);
    program.disturb("/greenhouse", fault::refused);
    program.run_for(20min);
    BOOST_TEST(program.told() == names{"poll_failing"}, boost::test_tools::per_element());
    program.run_for(6h);
    BOOST_TEST(program.told() == names{"poll_failing"}, boost::test_tools::per_element());
    const auto signs = program.notices.signs;
    program.run_for(2h);
    BOOST_TEST(program.notices.signs == signs); // a dead man gives no sign
    program.disturb("/greenhouse", fault::none);
    program.run_for(2h);
    BOOST_TEST(program.told() == names{"over: poll_failing"}, boost::test_tools::per_element());
    BOOST_TEST(program.events.count("alarm.raised") == 2);
    BOOST_TEST(program.events.count("alarm.cleared") == 1);
    program.end();
}

BOOST_AUTO_TEST_CASE(a_system_that_denies_access_is_told_as_that_and_as_nothing_else)
{
    watched_program program(std::vector{person("ada")});
    program.testdome.set_pace("ada@example.com", {.starts = 240h}); // followed all the time
    program.start();
    program.watch();
    program.run_for(1h);
    program.disturb("/greenhouse", fault::unauthorized);
    program.run_for(2h);
    BOOST_TEST(program.told() == names{"access_denied"}, boost::test_tools::per_element());
    program.disturb("/testdome", fault::unauthorized);
    program.run_for(2h);
    BOOST_TEST(program.told() == (names{"access_denied", "over: access_denied"}), boost::test_tools::per_element());
    program.disturb("/testdome", fault::none);
    program.run_for(2h);
    BOOST_TEST(program.told() == names{"over: access_denied"}, boost::test_tools::per_element());
    program.end();
}

BOOST_AUTO_TEST_CASE(one_token_that_is_refused_early_is_no_alarm)
{
    watched_program program(std::vector{person("ada")});
    program.start();
    program.watch();
    for (int hour = 0; hour < 12; ++hour) {
        program.run_for(1h);
        program.greenhouse.revoke_tokens();
        program.testdome.revoke_tokens();
    }
    BOOST_TEST(program.told() == names{}, boost::test_tools::per_element());
    BOOST_TEST(program.events.count("auth.failed") == 0);
    program.end();
}

BOOST_AUTO_TEST_CASE(credentials_whose_end_is_known_are_told_in_time)
{
    watched_program program(std::vector{person("ada")});
    program.edit_mapping("poll: {every: 1m", "credentials_expire: 2026-12-10\npoll: {every: 1m");
    program.start();
    program.watch();
    program.run_for(24h); // the simulation begins on 2026-11-24
    BOOST_TEST(program.told() == names{}, boost::test_tools::per_element());
    program.run_for(48h);
    BOOST_TEST(program.told() == names{"credentials_expiring"}, boost::test_tools::per_element());
    program.end();
}

BOOST_AUTO_TEST_CASE(what_was_told_is_not_told_again_after_a_restart_and_what_could_not_be_told_is)
{
    watched_program program(std::vector{person("ada"), person("alan")});
    program.edit_settings("invitations_per_poll: 1000", "invitations_per_poll: 1");
    program.start();
    program.watch();
    program.notices.fails = true;
    program.run_for(1h);
    BOOST_TEST(program.events.count("alarm.raised") == 1);
    BOOST_TEST(program.events.count("notice.failed") == 1);
    program.end();

    program.notices.fails = false;
    program.start();
    program.watch();
    program.run_for(1h);
    BOOST_TEST(program.told() == names{"held"}, boost::test_tools::per_element());
    BOOST_TEST(program.events.count("alarm.raised") == 1);
    program.end();
    program.start();
    program.watch();
    program.run_for(1h);
    BOOST_TEST(program.told() == names{}, boost::test_tools::per_element());
    program.end();
}

BOOST_AUTO_TEST_CASE(testdome_that_is_down_a_cap_that_is_reached_and_a_long_pause_are_told)
{
    watched_program program(std::vector{person("ada")});
    program.testdome.set_pace("ada@example.com", {.starts = 240h}); // followed all the time
    program.edit_settings("invitations_per_day: 1000", "invitations_per_day: 1");
    program.start();
    program.watch();
    program.run_for(1h);
    BOOST_TEST(program.told() == names{"cap_reached"}, boost::test_tools::per_element());
    program.disturb("/testdome", fault::server_error);
    program.run_for(3h);
    const auto told = program.told();
    BOOST_TEST(std::ranges::count(told, "circuit_open") + std::ranges::count(told, "testdome_failing") > 0);
    program.disturb("/testdome", fault::none);
    BOOST_TEST(program.decide({.kind = sync::decision_kind::pause, .subject = "engineering"}).is_done());
    program.run_for(48h);
    BOOST_TEST(program.told().back() == "paused");
    program.end();
}

BOOST_AUTO_TEST_CASE(an_hr_system_that_lists_nobody_for_a_week_and_a_program_that_does_not_run_are_told)
{
    watched_program program(std::vector<sandbox::sample_applicant>{});
    program.start();
    program.watch();
    program.run_for(24h * 8);
    BOOST_TEST(program.told() == names{"empty_source"}, boost::test_tools::per_element());

    const auto found = sync::alarms_of(program.ledger(), program.world().settings,
                                       {&program.world().mappings.front().settings}, program.clock.wall() + 1h);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST(found.front().name == "poll_overdue");
    BOOST_TEST((found.front().how_bad == sync::severity::critical));
    program.end();
}

BOOST_AUTO_TEST_CASE(a_first_start_while_the_clock_was_ahead_is_told_and_mended_by_a_date_in_the_mapping)
{
    watched_program program(people(0));
    program.edit_mapping("start: all", "start: now");
    program.clock.jump_wall(24h * 30);
    program.start();
    program.watch();
    program.run_for(5min);
    program.clock.jump_wall(-24h * 30);
    apply(program, "new", "new@example.com");
    program.run_for(5min);
    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(program.told() == names{"start_in_future"}, boost::test_tools::per_element());
    program.end();

    program.edit_mapping("start: now", "start: 2026-11-24");
    program.start();
    program.watch();
    program.run_for(10min);

    BOOST_TEST(program.testdome.paid("new@example.com") == 1);
    BOOST_TEST(program.told() == names{"over: start_in_future"}, boost::test_tools::per_element());
    program.end();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
