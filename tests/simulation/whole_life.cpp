#include "tests/simulation/people.hpp"

#include <boost/test/unit_test.hpp>

// The whole program in virtual time, with a network that does what it should.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

std::vector<sandbox::sample_applicant> many(int count)
{
    std::vector<sandbox::sample_applicant> people;
    for (int i = 0; i < count; ++i) {
        const auto number = std::to_string(i);
        people.push_back({.first_name = "Person",
                          .last_name = number,
                          .email = "p" + number + "@example.com",
                          .what = "passes",
                          .score = 80});
        people.back().final_stage = "Interview";
    }
    return people;
}

} // namespace

BOOST_AUTO_TEST_SUITE(whole_life)

BOOST_AUTO_TEST_CASE(every_sample_applicant_ends_as_expected)
{
    simulated_program program;

    program.start();
    program.run_for(30min);

    BOOST_TEST(program.complaint() == "");
}

BOOST_AUTO_TEST_CASE(cycles_from_cron_do_the_same_as_the_daemon)
{
    simulated_program program;

    for (int i = 0; i < 5; ++i) {
        BOOST_TEST(program.once());
        program.run_for(1min);
    }

    BOOST_TEST(program.complaint() == "");
    BOOST_TEST(program.events.all.back().type->name == "cycle.done");
}

BOOST_AUTO_TEST_CASE(a_plan_says_what_would_be_paid_and_changes_nothing)
{
    simulated_program program;

    const auto planned = program.plan();

    BOOST_TEST(std::ranges::count_if(planned, [](const auto& row) { return row.at("action") == "invite"; }) == 6);
    BOOST_TEST(std::ranges::count_if(planned, [](const auto& row) { return row.at("action") == "adopt"; }) == 1);
    BOOST_TEST(program.testdome.paid_in_all() == 0);
    BOOST_TEST(program.testdome.invite_requests() == 0);
}

BOOST_AUTO_TEST_CASE(two_thousand_applicants_cost_few_calls_each)
{
    simulated_program program(many(2000));
    lift_limits(program);

    program.start();
    program.run_for(20min);

    BOOST_TEST(program.complaint() == "");
    BOOST_TEST(program.testdome.paid_in_all() == 2000);
    BOOST_TEST(program.testdome.invite_requests() == 40);    // batches of 50
    BOOST_TEST(program.testdome.requests() <= 200 + 20 * 3); // 0.1 a person, and one look a minute
}

BOOST_AUTO_TEST_CASE(an_idle_program_asks_nothing_of_testdome_and_one_page_of_the_hr_system)
{
    simulated_program program(std::vector<sandbox::sample_applicant>{});
    program.start();
    program.run_for(5min);
    const auto before = program.network.count;
    const auto testdome_before = program.testdome.requests();

    program.run_for(60min);

    BOOST_TEST(program.network.count - before <= 60 + 6 + 2); // one page a minute, the tests every ten minutes, a token
    BOOST_TEST(program.testdome.requests() - testdome_before <= 6 + 2);
}

BOOST_AUTO_TEST_CASE(stopping_lets_the_request_in_flight_finish)
{
    auto people = many(50);
    for (auto& one : people)
        one.does = sandbox::behavior::waits;
    simulated_program program(people);
    program.network.latency = 10s;
    bool inviting = false;
    program.network.disturb = [&](const http::request& order) {
        inviting = inviting || order.url.find("invite-via-email") != std::string::npos;
        return fault::none;
    };
    program.start();
    while (!inviting)
        program.run_for(1s);

    program.stop();

    for (const auto& assessment : program.assessments())
        BOOST_TEST(sync::to_text(assessment.state) == "invited");
}

BOOST_AUTO_TEST_CASE(no_address_name_or_secret_reaches_a_log_event_but_as_a_field_that_is_masked)
{
    simulated_program program;
    program.start();
    program.run_for(30min);

    for (const auto& event : program.events.all) {
        BOOST_TEST(event.text.find("@example") == std::string::npos);
        BOOST_TEST(event.text.find("sandbox-secret") == std::string::npos);
        BOOST_TEST(event.text.find("-token-") == std::string::npos);
        for (const auto& field : event.fields)
            BOOST_TEST((field.kind != sync::field_kind::plain || field.value.find('@') == std::string::npos));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
