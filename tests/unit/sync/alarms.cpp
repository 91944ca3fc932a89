#include "sync/alarms.hpp"

#include "sync/access.hpp"
#include "tests/unit/sync/ledger_file.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

// Which alarms there are, by what the ledger holds. When they are told, and to whom, is tests/simulation/alarms.cpp's.

namespace testdome_sync::sync {
namespace {

using namespace std::chrono_literals;

struct watched_ledger : ledger_file {
    watched_ledger()
    {
        mapping.name = "engineering";
        mapping.connector = "greenhouse";
        mapping.poll.every = 2min;
        record.name = "engineering";
        record.last_poll = record.last_success = now - 1min;
        record.next_poll = now + 1min;
    }

    void save(assessment_state state, std::chrono::hours age)
    {
        auto made = planned("4711");
        made.state = state;
        made.updated_at = now - age;
        unit_of_work unit(*open);
        open->save(made, "test");
        unit.commit();
    }

    void save(write_back_state state)
    {
        auto about = planned("4712");
        about.state = assessment_state::completed;
        unit_of_work unit(*open);
        open->save(about, "test");
        auto note = note_for(about);
        note.state = state;
        open->add(note);
        unit.commit();
    }

    void tell_health(bool held_back, bool denied)
    {
        unit_of_work unit(*open);
        open->save_fact("testdome",
                        {{"ok", false}, {"held_back", held_back}, {"denied", denied}, {"last_error", "no answer"}});
        unit.commit();
    }

    std::vector<alarm> alarms()
    {
        unit_of_work unit(*open);
        open->save(record);
        unit.commit();
        auto found = alarms_of(*open, settings, {&mapping}, now);
        for (const auto& one : found) {
            BOOST_TEST(!one.text.empty());
            BOOST_TEST(!one.remedy.empty());
            BOOST_TEST(std::ranges::count(alarm_names, one.name) == 1, one.name);
        }
        return found;
    }

    /// `critical name`, or `warning name`, the worst first.
    std::vector<std::string> names()
    {
        std::vector<std::string> all;
        for (const auto& one : alarms())
            all.push_back(std::string(to_text(one.how_bad)) + ' ' + one.name);
        return all;
    }

    void expect(std::vector<std::string> expected)
    {
        const auto found = names();
        BOOST_TEST(found == expected, boost::test_tools::per_element());
    }

    const wall_time now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 11h;
    std::unique_ptr<ledger> open = open_sqlite_ledger(path, ledger_access::write);
    config::settings settings;
    config::mapping mapping;
    mapping_record record;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(alarms_by_the_ledger, watched_ledger)

BOOST_AUTO_TEST_CASE(all_is_well)
{
    expect({});
}

BOOST_AUTO_TEST_CASE(a_poll_that_fails_is_a_warning_and_critical_after_half_an_hour)
{
    record.last_error = "no answer";
    expect({"warning poll_failing"});
    record.last_success = now - 31min;
    expect({"critical poll_failing"});
}

BOOST_AUTO_TEST_CASE(an_hr_system_that_denies_access_is_critical_at_once_and_is_not_told_as_a_failing_poll_too)
{
    record.last_error = "GET https://hr.example.com answered 401";
    note_access(*open, "engineering", true);
    expect({"critical access_denied"});
    BOOST_TEST(alarms().front().text.ends_with("answered 401"));
    note_access(*open, "engineering", false);
    record.last_error.clear();
    expect({});
}

BOOST_AUTO_TEST_CASE(credentials_with_a_known_end_are_told_a_fortnight_before_and_are_critical_after_it)
{
    const auto today = std::chrono::floor<std::chrono::days>(now);
    mapping.credentials_expire = today + std::chrono::days{15};
    expect({});
    mapping.credentials_expire = today + std::chrono::days{14};
    expect({"warning credentials_expiring"});
    BOOST_TEST(alarms().front().text == "the credentials of the HR system end on 2026-12-09");
    mapping.credentials_expire = today;
    expect({"critical credentials_expiring"});
    BOOST_TEST(alarms().front().text == "the credentials of the HR system ended on 2026-11-25");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_the_listener_likewise_as_long_as_it_has_one)
{
    note_certificate_end(*open, now + std::chrono::days{3});
    expect({});
    settings.listen.certificate = "tls.pem";
    expect({"warning certificate_expiring"});
    note_certificate_end(*open, now - 1h);
    expect({"critical certificate_expiring"});
    note_certificate_end(*open, now + std::chrono::days{90});
    expect({});
}

BOOST_AUTO_TEST_CASE(a_poll_that_is_long_due_says_that_nothing_runs)
{
    record.next_poll = now - 11min;
    expect({"critical poll_overdue"});
}

BOOST_AUTO_TEST_CASE(a_start_that_a_wrong_clock_noted_is_told_unless_the_mapping_says_when_it_starts)
{
    record.started_at = now + 5min;
    expect({});
    record.started_at = now + 24h;
    expect({"critical start_in_future"});
    mapping.poll.start = config::start_mode::date;
    expect({});
    mapping.poll.start = config::start_mode::all;
    expect({});
}

BOOST_AUTO_TEST_CASE(silence_is_told_after_a_week_and_broken_records_and_pauses_after_a_day)
{
    record.nothing_since = now - std::chrono::days{8};
    expect({"warning empty_source"});
    record.nothing_since.reset();
    record.broken = 2;
    record.broken_since = now - 25h;
    expect({"warning frozen_cursor"});
    record.paused = true;
    record.last_poll = now - 25h;
    expect({"warning paused"});
}

BOOST_AUTO_TEST_CASE(testdome_that_fails_or_is_left_alone_or_denies_access_is_critical)
{
    tell_health(false, false);
    expect({"critical testdome_failing"});
    tell_health(true, false);
    expect({"critical circuit_open"});
    tell_health(false, true);
    expect({"critical access_denied"});
}

BOOST_AUTO_TEST_CASE(the_health_that_an_older_version_has_stored_is_understood)
{
    unit_of_work unit(*open);
    open->save_fact("testdome", {{"ok", false}, {"held_back", false}, {"last_error", "no answer"}});
    unit.commit();
    expect({"critical testdome_failing"});
}

BOOST_AUTO_TEST_CASE(a_limit_that_is_used_up_and_whoever_waits_are_warnings)
{
    settings.limits.invitations_per_day = 0;
    expect({"warning cap_reached"});
    settings.limits.invitations_per_day = 100;
    save(assessment_state::held, 1h);
    expect({"warning held"});
}

BOOST_AUTO_TEST_CASE(an_invitation_in_doubt_is_told_once_it_takes_too_long)
{
    save(assessment_state::unconfirmed, 3h);
    expect({"warning unconfirmed"});
    settings.testdome.settle = 3h;
    expect({});
}

BOOST_AUTO_TEST_CASE(what_is_not_in_the_hr_system_is_a_warning)
{
    save(write_back_state::failed);
    expect({"warning write_backs_failed"});
}

BOOST_AUTO_TEST_CASE(what_could_not_be_made_is_a_warning)
{
    save(write_back_state::held);
    expect({"warning write_backs_held"});
}

BOOST_AUTO_TEST_CASE(what_is_written_or_not_is_a_warning)
{
    save(write_back_state::unconfirmed);
    expect({"warning write_backs_unconfirmed"});
}

BOOST_AUTO_TEST_CASE(docs_tell_of_each_alarm)
{
    std::ostringstream page;
    page << std::ifstream(TESTDOME_SYNC_SOURCE_DIR "/docs/operations.md").rdbuf();
    for (const auto name : alarm_names)
        BOOST_TEST(page.str().find("`" + std::string(name) + "`") != std::string::npos, name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
