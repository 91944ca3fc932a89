#include "connectors/newest_readings.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

namespace testdome_sync::connectors {
namespace {

sync::application reading(const std::string& id, const char* updated_at, const std::string& stage)
{
    sync::application made;
    made.id = id;
    made.updated_at = sync::time_from(updated_at);
    made.stage.name = stage;
    return made;
}

constexpr const char* earlier = "2026-11-24T07:00:00Z";
constexpr const char* later = "2026-11-24T08:00:00Z";

/// `id=stage` of all that is given, and how many are known.
std::string given(newest_readings& readings)
{
    sync::poll_answer answer;
    readings.move_into(answer);
    std::string text;
    for (const auto& one : answer.applications)
        text += one.id + '=' + one.stage.name + ' ';
    return text + '+' + std::to_string(answer.unchanged);
}

} // namespace

BOOST_AUTO_TEST_SUITE(readings_of_one_poll)

BOOST_AUTO_TEST_CASE(of_several_readings_the_newest_is_given_in_whatever_order_they_come)
{
    newest_readings readings;
    readings.add(reading("1", later, "new"));
    readings.add(reading("2", earlier, "old"));
    readings.add(reading("1", earlier, "old"));
    readings.add(reading("2", later, "new"));
    readings.add(reading("3", "", "first"));
    readings.add(reading("3", "", "second"));
    BOOST_TEST(given(readings) == "1=new 2=new 3=second +0");
}

BOOST_AUTO_TEST_CASE(a_reading_that_is_known_counts_instead_of_older_ones_and_not_instead_of_newer_ones)
{
    newest_readings readings;
    readings.add(reading("1", earlier, "old"));
    readings.add(reading("2", later, "new"));
    readings.add(reading("3", later, "new"));
    for (const auto* id : {"1", "2", "4"})
        readings.add_known(id, sync::time_from(id == std::string("2") ? earlier : later));
    readings.add(reading("4", later, "changed in the same second"));
    readings.add_known("5", std::nullopt);
    BOOST_TEST(given(readings) == "2=new 3=new 4=changed in the same second +2");
}

BOOST_AUTO_TEST_CASE(the_latest_change_is_told_whether_it_is_given_or_not)
{
    newest_readings readings;
    readings.add(reading("1", earlier, ""));
    readings.add_known("2", sync::time_from(later));
    sync::poll_answer answer;
    readings.move_into(answer);
    BOOST_TEST((answer.newest_change == sync::time_from(later)));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::connectors
