// Any number may stand where a service tells how long to wait, or how long a token lives: none may overflow, stop us
// for days, or end the program.
#include "connectors/http/oauth.hpp"
#include "connectors/http/retry_after.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::http {
namespace {

using namespace std::chrono_literals;
using testing::json_answer;

struct hostile_numbers_fixture {
    testing::virtual_clock clock; // starts on 2026-11-24 at 08:00
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
};

constexpr std::string_view beyond_64_bits = "1000000000000000000000000000000"; // 10^30

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_numbers, hostile_numbers_fixture)

BOOST_AUTO_TEST_CASE(a_wait_that_is_asked_for_is_none_or_between_nothing_and_a_day)
{
    const auto asked = [&](std::string_view text) {
        response answer;
        answer.headers.set("Retry-After", std::string(text));
        const auto wait = retry_after(answer, clock.wall());
        return wait ? std::to_string(wait->count()) : "none";
    };
    const std::vector<std::pair<std::string, std::string>> table{
        {"0", "0"},
        {"120", "120"},
        {"86401", "86400"},
        {"9223372036854775807", "86400"},
        {std::string(beyond_64_bits), "86400"},
        {std::string(60'000, '9'), "86400"},
        {"-5", "0"},
        {"-9223372036854775808", "0"},
        {"-" + std::string(beyond_64_bits), "0"},
        {"+5", "none"},
        {"1e30", "none"},
        {"0x10", "none"},
        {"12.5", "none"},
        {"10, 20", "none"},
        {"", "none"},
        {"soon", "none"},
        {"Tue, 24 Nov 2026 08:01:00 GMT", "60"},
        {"Sat, 01 Jan 2000 00:00:00 GMT", "0"},
        {"Mon, 01 Jan 0001 00:00:00 GMT", "0"},
        {"Sunday, 06-Nov-94 08:49:37 GMT", "0"},
        {"Fri, 31 Dec 9999 23:59:59 GMT", "86400"},
        {"Fri, 31 Dec 9999999999 23:59:59 GMT", "none"},
        {"Fri, 99 Dec 2026 99:99:99 GMT", "none"},
    };
    for (const auto& [text, wait] : table)
        BOOST_TEST(asked(text) == wait, text.substr(0, 60));
}

BOOST_AUTO_TEST_CASE(a_wait_of_ages_ends_the_call_and_is_told_as_a_day)
{
    network.on_request([](const request&) -> result<response> {
        auto answer = json_answer(429, "");
        answer.headers.set("Retry-After", std::string(beyond_64_bits));
        return answer;
    });
    service called(network, clock, random, events, nullptr, {.name = "example", .headers = {}});
    const auto before = clock.now();
    const auto answer = testing::run(clock, called.call({.url = "https://api.example.com/x"}, effect::changes));
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == sync::errc::not_sent));
    BOOST_TEST((answer.error().retry_after == 24h));
    BOOST_TEST((clock.now() - before < 3min));
}

BOOST_AUTO_TEST_CASE(a_budget_that_is_told_to_be_closed_for_ages_opens_within_two_minutes)
{
    for (const auto meaning : {rate_headers::meaning::epoch_seconds, rate_headers::meaning::seconds_left})
        for (const std::string_view reset :
             {std::string_view("9223372036854775807"), std::string_view("-9223372036854775808"), beyond_64_bits,
              std::string_view("-1"), std::string_view("0"), std::string_view("soon"), std::string_view("")}) {
            network.on_request([&](const request&) -> result<response> {
                auto answer = json_answer(200, "{}");
                answer.headers.set("X-Left", "0");
                answer.headers.set("X-Reset", std::string(reset));
                return answer;
            });
            service called(network, clock, random, events, nullptr,
                           {.name = "example", .headers = {"X-Left", "X-Reset", meaning}});
            const auto before = clock.now();
            for (int i = 0; i < 2; ++i) {
                request order{.url = "https://api.example.com/x"};
                BOOST_TEST(testing::run(clock, called.call(std::move(order), effect::reads)).has_value());
            }
            BOOST_TEST((clock.now() - before <= 121s), reset);
        }
}

BOOST_AUTO_TEST_CASE(a_token_with_any_life_signs_at_least_one_request)
{
    for (const std::string life :
         {R"("expires_in":-1)", R"("expires_in":0)", R"("expires_in":0.5)", R"("expires_in":1e30)",
          R"("expires_in":1e400)", R"("expires_in":9223372036854775807)", R"("expires_in":18446744073709551615)",
          R"("expires_in":"99999999999999999999999999999")", R"("expires_in":"-1")", R"("expires_in":[])",
          R"("expires_in":null)", R"("expires_at":1e30)", R"("expires_at":9223372036854775807)",
          R"("expires_at":-9223372036854775808)", R"("expires_at":1764061200000)",
          R"("expires_at":"9999-12-31T23:59:59Z")", R"("expires_at":"0001-01-01")"}) {
        network.sent.clear();
        network.on_request([&](const request&) -> result<response> {
            return json_answer(200, R"({"access_token":"t",)" + life + '}');
        });
        token_options how;
        how.name = "example";
        how.make_request = [] { return request{.method = "POST", .url = "https://auth.example.com/token"}; };
        const auto signer = create_token_authorizer(network, clock, random, events, std::move(how));
        for (int i = 0; i < 2; ++i) {
            request order;
            const auto done = testing::run(clock, signer->sign(order));
            if (life == R"("expires_in":1e400)" &&
                !done) // no JSON number of this size: an answer like any other nonsense
                continue;
            BOOST_REQUIRE_MESSAGE(done, life << ": " << (done ? "" : done.error().detail));
            BOOST_TEST(order.headers.find("Authorization").value_or("") == "Bearer t", life);
        }
        clock.run_for(24h * 366);
    }
}

BOOST_AUTO_TEST_CASE(a_sign_in_that_is_answered_with_nonsense_is_a_failure)
{
    for (const std::string& body :
         {std::string(100'000, '['), std::string("[]"), std::string("null"), std::string("NaN"), std::string(),
          std::string("{\"access_token\":\"\\ud800\"}"), std::string("{\"access_token\":\"\xff\"}"),
          std::string("{\"access_token\":NaN}")}) {
        network.on_request([&](const request&) -> result<response> { return json_answer(200, body); });
        token_options how;
        how.name = "example";
        how.make_request = [] { return request{.method = "POST", .url = "https://auth.example.com/token"}; };
        const auto signer = create_token_authorizer(network, clock, random, events, std::move(how));
        request order;
        const auto done = testing::run(clock, signer->sign(order));
        BOOST_REQUIRE(!done);
        BOOST_TEST(done.error().detail.find("is not a JSON object") != std::string::npos, done.error().detail);
        BOOST_TEST(!order.headers.find("Authorization"));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
