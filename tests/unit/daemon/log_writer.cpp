#include "daemon/log_writer.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::daemon {
namespace {

std::vector<log_line> written(config::log_settings settings, const std::function<void(sync::event_sink&)>& emit)
{
    std::vector<log_line> lines;
    const auto writer = create_log_writer(settings, [&](const log_line& line) { lines.push_back(line); });
    emit(*writer);
    return lines;
}

void invite(sync::event_sink& events)
{
    events.emit("invitation.sent", "invited",
                {{"mapping", "engineering"},
                 {"applicant", "ada@example.com", sync::field_kind::email},
                 {"name", "Ada Byron", sync::field_kind::name},
                 {"application", "bob@example.com-1"}});
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_writer)

BOOST_AUTO_TEST_CASE(a_line_for_people_has_time_level_event_text_and_fields)
{
    const auto lines = written({}, invite);
    BOOST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(as_text(lines[0], "07:12:31") ==
               "07:12:31 info     invitation.sent         invited  mapping=engineering  "
               "applicant=a…@example.com  name=\"A. B.\"  application=b…@example.com-1");
}

BOOST_AUTO_TEST_CASE(a_json_line_holds_the_same)
{
    BOOST_TEST(
        as_json(written({}, invite)[0], "2026-11-24T07:12:31Z") ==
        R"({"time":"2026-11-24T07:12:31Z","level":"info","event":"invitation.sent","text":"invited","mapping":"engineering",)"
        R"("applicant":"a…@example.com","name":"A. B.","application":"b…@example.com-1"})");
}

BOOST_AUTO_TEST_CASE(personal_data_is_shown_only_if_asked_for)
{
    const auto lines = written({.personal = config::personal_data::shown}, invite);
    BOOST_TEST(as_text(lines[0], "").find("applicant=ada@example.com") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_below_the_level_is_left_out)
{
    BOOST_TEST(written({.level = "warning"}, invite).empty());
    const auto debug = [](sync::event_sink& events) { events.emit_unchanged("poll.done", "nothing"); };
    BOOST_TEST(written({}, debug).empty());
    BOOST_TEST(written({.level = "debug"}, debug).size() == 1U);
}

BOOST_AUTO_TEST_CASE(foreign_text_can_not_write_lines_of_its_own)
{
    const auto lines = written({}, [](sync::event_sink& events) {
        events.emit("poll.failed", "bad\n2026 error forged\x1b[31m", {{"mapping", "x\r\ny"}});
    });
    const auto text = as_text(lines[0], "");
    BOOST_TEST(text.find('\n') == std::string::npos);
    BOOST_TEST(text.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::daemon
