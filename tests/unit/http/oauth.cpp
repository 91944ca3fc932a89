#include "connectors/http/oauth.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::http {
namespace {

using namespace std::chrono_literals;
using testing::json_answer;

struct oauth_fixture {
    oauth_fixture()
    {
        token_options how;
        how.name = "example";
        how.make_request = [] { return request{.method = "POST", .url = "https://auth.example.com/token"}; };
        signer = create_token_authorizer(network, clock, random, events, how);
        network.on_request([this](const request&) -> result<response> {
            return json_answer(200, R"({"access_token":"t)" + std::to_string(network.sent.size()) + "\"," + life + "}");
        });
    }

    std::string signed_with()
    {
        request order;
        const auto done = testing::run(clock, signer->sign(order));
        return done ? std::string(*order.headers.find("Authorization")) : "failure: " + done.error().detail;
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
    std::shared_ptr<authorizer> signer;
    std::string life = "\"expires_in\":1800";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tokens, oauth_fixture)

BOOST_AUTO_TEST_CASE(a_token_is_used_until_shortly_before_it_ends)
{
    BOOST_TEST(signed_with() == "Bearer t1");
    clock.run_for(29min - 1s);
    BOOST_TEST(signed_with() == "Bearer t1");
    clock.run_for(2s);
    BOOST_TEST(signed_with() == "Bearer t2");
}

BOOST_AUTO_TEST_CASE(an_absolute_end_is_understood)
{
    life = R"("expires_at":"2026-11-24T08:10:00+0000")"; // the clock starts at 08:00
    BOOST_TEST(signed_with() == "Bearer t1");
    clock.run_for(8min);
    BOOST_TEST(signed_with() == "Bearer t1");
    clock.run_for(90s);
    BOOST_TEST(signed_with() == "Bearer t2");
}

BOOST_AUTO_TEST_CASE(a_life_that_is_no_whole_number_or_no_life_at_all_is_lived_with)
{
    life = "\"expires_in\":120.5";
    BOOST_TEST(signed_with() == "Bearer t1");
    clock.run_for(50s);
    BOOST_TEST(signed_with() == "Bearer t1");
    clock.run_for(20s);
    BOOST_TEST(signed_with() == "Bearer t2");
    for (const auto* odd : {"\"expires_in\":1e300", "\"expires_in\":9223372036854775807", "\"expires_in\":-1e300",
                            "\"expires_at\":\"9999-12-31T23:59:59Z\"", "\"expires_in\":\"-9223372036854775808\""}) {
        oauth_fixture other;
        other.life = odd;
        BOOST_TEST(other.signed_with() == "Bearer t1", odd);
        BOOST_TEST(other.signed_with() == "Bearer t1", odd);
    }
}

BOOST_AUTO_TEST_CASE(a_token_that_was_refused_is_dropped_but_not_its_successor)
{
    signed_with();
    request rejected;
    rejected.headers.set("Authorization", "Bearer t1");
    BOOST_TEST(signer->renew(rejected));
    BOOST_TEST(signed_with() == "Bearer t2");
    BOOST_TEST(signer->renew(rejected)); // a late answer to the old one
    BOOST_TEST(signed_with() == "Bearer t2");
}

BOOST_AUTO_TEST_CASE(many_callers_share_one_sign_in)
{
    network.delay = 2s;
    std::vector<request> orders(5);
    int done = 0;
    for (auto& order : orders)
        boost::asio::co_spawn(clock.context(), signer->sign(order),
                              [&](std::exception_ptr, const sync::result<void>&) { ++done; });
    clock.run_for(10s);
    BOOST_TEST(done == 5);
    BOOST_TEST(network.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_refused_pair_is_told_once_and_not_asked_again_for_a_minute)
{
    network.on_request([](const request&) -> result<response> {
        return json_answer(400, R"({"error":"invalid_grant","error_description":"unknown client"})");
    });
    BOOST_TEST(signed_with().find("answered 400: \"unknown client\"") != std::string::npos);
    signed_with();
    BOOST_TEST(network.sent.size() == 1U);
    BOOST_TEST(events.count("auth.failed") == 1);
    clock.run_for(61s);
    signed_with();
    BOOST_TEST(network.sent.size() == 2U);
    BOOST_TEST(events.count("auth.failed") == 1);
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_token_is_a_refusal_and_one_that_is_not_json_is_not)
{
    network.on_request(
        [](const request&) -> result<response> { return json_answer(200, R"({"error":"invalid_code"})"); });
    BOOST_TEST(signed_with().find("without a token") != std::string::npos);
    clock.run_for(61s);
    network.on_request([](const request&) -> result<response> { return json_answer(200, "<html>"); });
    BOOST_TEST(signed_with().find("is not a JSON object") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
