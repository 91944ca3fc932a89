#include "tests/support/simulated_program.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

// What an engine that goes on where another has ended makes of it, and what `plan` says of edited rules.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

sandbox::sample_applicant person(const std::string& name, const std::string& stage)
{
    return {.first_name = name, .last_name = "Example", .email = name + "@example.com", .stage = stage};
}

sync::wall_time last_poll(simulated_program& program)
{
    return program.ledger().find_mapping("engineering").last_poll.value();
}

void poll_every_hour(simulated_program& program)
{
    program.edit_mapping("every: 1m, start", "every: 1h, start");
}

} // namespace

BOOST_AUTO_TEST_SUITE(reloading)

BOOST_AUTO_TEST_CASE(who_is_selected_only_by_edited_rules_is_told_in_the_plan)
{
    simulated_program program({person("ada", "Online Test"), person("bob", "Interview")});
    program.start();
    program.run_for(10min);
    program.stop();
    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(std::ranges::count(program.plan(), "invite",
                                  [](const auto& row) { return std::string(row.at("action").as_string()); }) == 0);

    program.edit_mapping(".stage.name == \"Online Test\"", "true");
    const auto plan = program.plan();
    const auto bob =
        std::ranges::find(plan, "invite", [](const auto& row) { return std::string(row.at("action").as_string()); });
    BOOST_REQUIRE(bob != plan.end());
    BOOST_TEST(bob->at("reason").as_string() == "was not selected before the rules were changed");

    program.edit_mapping("    test: C++ Senior", "    approve: true\n    test: C++ Senior");
    const auto held = program.plan();
    BOOST_TEST(boost::json::serialize(held).find("asks for approval; was not selected before the rules were changed") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_new_applicant_is_not_told_to_be_there_because_of_the_rules)
{
    simulated_program program({person("ada", "Online Test")});
    const auto plan = program.plan();
    BOOST_REQUIRE(plan.size() == 1U);
    BOOST_TEST(plan.front().at("action").as_string() == "invite");
    BOOST_TEST(plan.front().at("reason").as_string() == "");
}

BOOST_AUTO_TEST_CASE(a_mapping_that_is_unchanged_is_polled_when_it_was_due)
{
    simulated_program program({person("ada", "Online Test")});
    poll_every_hour(program);
    program.start();
    program.run_for(10min);
    const auto before = last_poll(program);
    const auto due = program.ledger().find_mapping("engineering").next_poll.value();
    for (int i = 0; i < 20; ++i)
        program.reload();
    BOOST_TEST((last_poll(program) == before));
    program.run_for(std::chrono::ceil<std::chrono::seconds>(due - program.clock.wall()) + 2s);
    BOOST_TEST((last_poll(program) >= due));
}

BOOST_AUTO_TEST_CASE(a_clock_that_was_set_back_puts_the_first_poll_off_by_one_interval_at_most)
{
    simulated_program program({person("ada", "Online Test")});
    poll_every_hour(program);
    program.start();
    program.run_for(10min);
    program.clock.jump_wall(-24h);
    program.reload();
    program.run_for(1h);
    BOOST_TEST((last_poll(program) <= program.clock.wall()));
}

BOOST_AUTO_TEST_CASE(one_mapping_is_polled_at_once_when_a_person_wants_it)
{
    simulated_program program({person("ada", "Online Test")});
    poll_every_hour(program);
    program.start();
    program.run_for(10min);
    program.reload();
    const auto before = last_poll(program);
    BOOST_TEST(program.engine().look_now("engineering"));
    BOOST_TEST(!program.engine().look_now("engineer"));
    program.run_for(1s);
    BOOST_TEST((last_poll(program) > before));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
