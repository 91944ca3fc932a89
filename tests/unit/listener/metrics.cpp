#include "daemon/listener/metrics.hpp"

#include "sync/access.hpp"
#include "tests/support/small_world.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdio>
#include <fstream>
#include <sstream>

namespace testdome_sync::listener {
namespace {

struct measured : small_world {
    std::string text() { return metrics_text(*this, {"1.2.3", clock.wall(), {1, 2, 3}}, clock.wall()); }

    void fail(const std::string& mapping, std::chrono::hours since)
    {
        sync::mapping_record record;
        record.name = mapping;
        record.last_error = "no answer";
        record.last_success = clock.wall() - since;
        record.last_poll = clock.wall();
        remember(record);
    }
};

std::chrono::sys_seconds sys_seconds_of(sync::wall_time time)
{
    return std::chrono::floor<std::chrono::seconds>(time);
}

std::size_t series_of(const std::string& text)
{
    std::istringstream lines(text);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);)
        count += !line.empty() && line[0] != '#' ? 1 : 0;
    return count;
}

/// What promtool says; nothing if there is none on this machine.
std::optional<std::string> promtool(const std::string& text, const std::filesystem::path& directory)
{
    if (std::system("command -v promtool >/dev/null 2>&1") != 0)
        return std::nullopt;
    const auto file = directory / "metrics";
    std::ofstream(file) << text;
    const auto said = directory / "said";
    const auto command = "promtool check metrics <" + file.string() + " >" + said.string() + " 2>&1";
    const int status = std::system(command.c_str());
    std::ostringstream all;
    all << std::ifstream(said).rdbuf();
    return (status == 0 ? "" : "failed: ") + all.str();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(metrics, measured)

BOOST_AUTO_TEST_CASE(they_tell_version_states_limits_and_last_successes)
{
    fail("engineering", std::chrono::hours{1});
    const auto told = text();
    for (const auto* line :
         {"testdome_sync_build_info{version=\"1.2.3\"} 1\n", "testdome_sync_working 1\n",
          "testdome_sync_assessments{state=\"held\"} 0\n", "testdome_sync_write_backs{state=\"unconfirmed\"} 0\n",
          "testdome_sync_invitations_per_day_limit 100\n", "testdome_sync_mappings 3\n",
          "testdome_sync_last_success_timestamp_seconds{mapping=\"engineering\"} 1795600800\n",
          "testdome_sync_last_success_timestamp_seconds{mapping=\"sales\"} 0\n",
          "testdome_sync_webhooks_total{outcome=\"refused\"} 2\n", "testdome_sync_alarms{severity=\"critical\"} 1\n",
          "testdome_sync_alarm{name=\"poll_failing\",mapping=\"engineering\",severity=\"critical\"} 1\n"})
        BOOST_TEST(holds(told, line), line << " in " << told);
}

BOOST_AUTO_TEST_CASE(a_hundred_mappings_in_trouble_take_no_more_than_sixty_series)
{
    for (int i = 0; i < 100; ++i) {
        const auto name = "mapping-" + std::to_string(i);
        add(name);
        fail(name, std::chrono::hours{i});
    }
    const auto told = text();
    BOOST_TEST(series_of(told) <= series_limit);
    BOOST_TEST(holds(told, "alarm{name=\"poll_failing\",mapping=\"*\",severity=\"critical\"} 99\n"), told);
    BOOST_TEST(holds(told, "alarm{name=\"poll_failing\",mapping=\"*\",severity=\"warning\"} 1\n"), told);
    BOOST_TEST(holds(told, "last_success_timestamp_seconds{mapping=\"mapping-99\"}"));
    BOOST_TEST(!holds(told, "last_success_timestamp_seconds{mapping=\"mapping-1\"}"));
}

BOOST_AUTO_TEST_CASE(every_alarm_that_there_can_be_at_once_fits_in)
{
    for (int i = 0; i < 100; ++i)
        add("m" + std::to_string(i)).credentials_expire = sys_seconds_of(clock.wall()) + std::chrono::days{i % 2 * 7};
    main.listen.certificate = "tls.pem";
    main.limits.invitations_per_day = 0;
    sync::unit_of_work unit(*open);
    const auto old = clock.wall() - std::chrono::days{30};
    int number = 0;
    std::vector<std::string> denied;
    for (const auto& one : all) {
        sync::mapping_record record;
        record.name = one.name;
        record.paused = number % 3 == 0;
        record.last_error = number % 3 == 1 ? "no answer" : "";
        record.last_success = number % 2 == 0 ? old : clock.wall();
        record.last_poll = record.nothing_since = record.broken_since = record.next_poll = old;
        record.broken = 1;
        open->save(record);
        if (number % 6 == 1)
            denied.push_back(one.name);
        ++number;
    }
    open->save_fact("testdome", {{"ok", false}, {"held_back", true}, {"last_error", "gone"}});
    sync::assessment person;
    person.mapping = "engineering";
    for (const auto state : {sync::assessment_state::held, sync::assessment_state::unconfirmed}) {
        person.id = 0;
        person.application_id = std::to_string(++number);
        person.state = state;
        person.updated_at = old;
        open->save(person, "test");
    }
    for (const auto state :
         {sync::write_back_state::failed, sync::write_back_state::held, sync::write_back_state::unconfirmed}) {
        sync::write_back note;
        note.assessment_id = person.id;
        note.position = ++number;
        note.state = state;
        open->add(note);
    }
    unit.commit();
    sync::note_certificate_end(*open, old);
    for (const auto& name : denied)
        sync::note_access(*open, name, true);
    const auto told = text();
    BOOST_TEST(series_of(told) <= series_limit, told);
    BOOST_TEST(series_of(told) >= 56U, told);
}

BOOST_AUTO_TEST_CASE(a_name_may_hold_any_character)
{
    add("a \"quoted\"\\ näme");
    BOOST_TEST(holds(text(), R"({mapping="a \"quoted\"\\ näme"} 0)"), text());
}

BOOST_AUTO_TEST_CASE(promtool_has_no_complaint)
{
    fail("engineering", std::chrono::hours{1});
    add("a \"quoted\"\\ näme");
    const auto said = promtool(text(), directory);
    if (!said)
        BOOST_TEST_MESSAGE("skipped: there is no promtool here (Debian's package prometheus)");
    else
        BOOST_TEST(*said == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
