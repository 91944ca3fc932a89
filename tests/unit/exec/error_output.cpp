#include "connectors/exec/error_output.hpp"

#include "tests/support/recorded_events.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::exec {
namespace {

struct told {
    masking shown{
        std::vector<config::secret>{config::secret("s3cret-token"), config::secret("s3cret"), config::secret("42")}};
    testing::virtual_clock clock;
    testing::recorded_events events;
    error_output errors{"engineering", shown, clock, events};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(standard_error_of_a_program, told)

BOOST_AUTO_TEST_CASE(each_line_is_an_event_without_secrets_addresses_and_control_characters)
{
    errors.take("401 for s3cret-token, s3cr");
    errors.take("et\nfor ada@example.com \x1b[31m42\n\n");
    errors.take("no newline");
    errors.end();
    BOOST_REQUIRE(events.all.size() == 3U);
    BOOST_TEST(events.all[0].text == "401 for …, …");
    BOOST_TEST(events.all[1].text == "for a…@example.com \\x1b[31m42");
    BOOST_TEST(events.all[2].text == "no newline");
    BOOST_TEST(events.all[0].type->name == "program.output");
    BOOST_TEST(events.all[0].fields.at(0).value == "engineering");
}

BOOST_AUTO_TEST_CASE(a_flood_is_cut_to_twenty_lines_a_minute_and_its_rest_is_counted)
{
    for (int i = 0; i < 1000; ++i)
        errors.take("line\n");
    BOOST_TEST(events.all.size() == 20U);
    clock.run_for(std::chrono::minutes{1});
    errors.take("later\n");
    BOOST_REQUIRE(events.all.size() == 22U);
    BOOST_TEST(events.all[20].text == "980 more lines were left out");
    BOOST_TEST(events.all[21].text == "later");
}

BOOST_AUTO_TEST_CASE(a_line_without_end_takes_no_memory)
{
    for (int i = 0; i < 1000; ++i)
        errors.take(std::string(1000, 'x'));
    BOOST_TEST(events.all.empty());
    errors.end();
    BOOST_REQUIRE(events.all.size() == 1U);
    BOOST_TEST(events.all[0].text.size() <= 303U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
