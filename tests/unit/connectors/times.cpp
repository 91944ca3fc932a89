#include "connectors/times.hpp"

#include "sync/application.hpp"

#include <boost/json/object.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::connectors {
namespace {

namespace json = boost::json;

json::value written(const std::string& time, const std::string& format, const std::string& zone = {})
{
    return time_format::from(format)->write(*sync::time_from(time), zone);
}

std::string read(const json::value& time, const std::string& zone = {})
{
    const auto found = time_in(time, zone);
    return found ? sync::to_text(*found) : "none";
}

const std::string zagreb = "Europe/Zagreb"; // UTC+1; in 2026 from March 29 to October 25 UTC+2

} // namespace

BOOST_AUTO_TEST_SUITE(times)

BOOST_AUTO_TEST_CASE(times_are_written_as_the_filter_wants_them)
{
    const auto* time = "2026-11-24T07:05:09.250Z";
    BOOST_TEST(written(time, "iso") == json::value("2026-11-24T07:05:09Z"));
    BOOST_TEST(written(time, "iso_ms") == json::value("2026-11-24T07:05:09.250Z"));
    BOOST_TEST(written(time, "iso_naive") == json::value("2026-11-24 07:05:09"));
    BOOST_TEST(written(time, "date") == json::value("2026-11-24"));
    BOOST_TEST(written(time, "epoch_s") == json::value(1795503909));
    BOOST_TEST(written(time, "epoch_ms") == json::value(1795503909250));
    BOOST_TEST(written(time, "%a, %d %b %Y %H:%M:%S GMT") == json::value("Tue, 24 Nov 2026 07:05:09 GMT"));
    BOOST_TEST(written(time, "%Y-%m-%dT%H:%M:%S+00:00") == json::value("2026-11-24T07:05:09+00:00"));
    BOOST_TEST(!time_format::from("isoo"));
    BOOST_TEST(!time_format::from(""));
}

BOOST_AUTO_TEST_CASE(what_tells_no_zone_is_told_in_the_zone_of_the_hr_system)
{
    BOOST_TEST(written("2026-11-24T23:30:00Z", "iso_naive", zagreb) == json::value("2026-11-25 00:30:00"));
    BOOST_TEST(written("2026-07-24T23:30:00Z", "iso_naive", zagreb) == json::value("2026-07-25 01:30:00"));
    BOOST_TEST(written("2026-07-24T23:30:00Z", "date", zagreb) == json::value("2026-07-25"));
    BOOST_TEST(written("2026-07-24T23:30:00Z", "iso", zagreb) == json::value("2026-07-24T23:30:00Z"));
    BOOST_TEST(read("2026-11-24 10:00:00.123456", zagreb) == "2026-11-24T09:00:00Z");
    BOOST_TEST(read("2026-07-24T10:00:00", zagreb) == "2026-07-24T08:00:00Z");
    BOOST_TEST(read("2026-07-24T10:00:00Z", zagreb) == "2026-07-24T10:00:00Z");
    BOOST_TEST(read("2026-07-24T10:00:00-05:00", zagreb) == "2026-07-24T15:00:00Z");
    BOOST_TEST(read("2026-07-24", zagreb) == "2026-07-23T22:00:00Z");
    BOOST_TEST(read("2026-07-24 10:00:00") == "2026-07-24T10:00:00Z");
}

BOOST_AUTO_TEST_CASE(an_hour_that_comes_twice_leaves_nobody_out)
{
    // 03:00 summer time becomes 02:00: what changed at the second 02:10 must pass a filter that began at the first
    // 02:50.
    BOOST_TEST(written("2026-10-25T00:50:00Z", "iso_naive", zagreb) == json::value("2026-10-25 02:00:00"));
    BOOST_TEST(written("2026-10-25T01:10:00Z", "iso_naive", zagreb) == json::value("2026-10-25 02:00:00"));
    BOOST_TEST(written("2026-10-24T23:59:00Z", "iso_naive", zagreb) == json::value("2026-10-25 01:59:00"));
    BOOST_TEST(written("2026-10-25T02:00:00Z", "iso_naive", zagreb) == json::value("2026-10-25 03:00:00"));
    BOOST_TEST(read("2026-10-25 02:30:00", zagreb) == "2026-10-25T00:30:00Z");
    BOOST_TEST(read("2026-03-29 02:30:00", zagreb) == "2026-03-29T01:00:00Z"); // no clock shows it
}

BOOST_AUTO_TEST_CASE(a_time_may_bring_its_own_zone)
{
    BOOST_TEST(read({{"time", "2026-11-23T10:05:00"}, {"time_zone", "Europe/Berlin"}}) == "2026-11-23T09:05:00Z");
    BOOST_TEST(read({{"time", "2026-11-23T10:05:00"}, {"time_zone", nullptr}}, zagreb) == "2026-11-23T09:05:00Z");
    BOOST_TEST(read({{"time", 1795503909250}}) == "2026-11-24T07:05:09Z");
    BOOST_TEST(read({{"time", "2026-11-23T10:05:00"}, {"time_zone", "Nowhere/Land"}}) == "2026-11-23T10:05:00Z");
    BOOST_TEST(read(json::object{}) == "none");
    BOOST_TEST(read({{"time", {{"time", 1}}}}) == "none");
}

BOOST_AUTO_TEST_CASE(a_zone_may_be_an_offset)
{
    BOOST_TEST(written("2026-07-24T23:30:00Z", "iso_naive", "+05:30") == json::value("2026-07-25 05:00:00"));
    BOOST_TEST(written("2026-07-24T23:30:00Z", "iso", "+05:30") == json::value("2026-07-24T23:30:00Z"));
    BOOST_TEST(read("2026-11-24 10:00:00.25", "-0330") == "2026-11-24T13:30:00Z");
    BOOST_TEST(read("2026-11-24T10:00:00Z", "-0330") == "2026-11-24T10:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_zone_is_one_of_the_database_or_an_offset)
{
    for (const auto* name : {"", "UTC", "Europe/Zagreb", "America/Argentina/Buenos_Aires", "+01:00", "-0330"})
        BOOST_TEST(is_time_zone(name), name);
    for (const auto* name : {"Zagreb", "../../etc/passwd", "/etc/passwd", "Europe/", "CEST+1", "+1", "+15:00", "+01:60",
                             "01:00", "+01:00x", "+-1:00"})
        BOOST_TEST(!is_time_zone(name), name);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::connectors
