#include "connectors/http/service.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::http {
namespace {

using namespace std::chrono_literals;
using testing::json_answer;
using testing::network_failure;

struct service_fixture {
    sync::result<response> call(effect kind, const std::string& url = "https://api.example.com/x",
                                std::optional<sync::monotonic_time> leave_by = {})
    {
        if (!called)
            called = std::make_unique<service>(network, clock, random, events, nullptr, options);
        request order;
        order.url = url;
        order.leave_by = leave_by;
        return testing::run(clock, called->call(std::move(order), kind));
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
    service_options options{.name = "example", .headers = {}};
    std::unique_ptr<service> called;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_service, service_fixture)

BOOST_AUTO_TEST_CASE(reading_is_tried_again_until_it_succeeds)
{
    network.on_request([&](const request&) -> result<response> {
        if (network.sent.size() < 4)
            return network_failure(errc::receive_failed, true);
        return json_answer(200, "{}");
    });
    BOOST_TEST(call(effect::reads)->status == 200);
    BOOST_TEST(network.sent.size() == 4U);
}

BOOST_AUTO_TEST_CASE(a_change_that_may_have_been_carried_out_is_never_sent_again)
{
    for (const auto& answer :
         {result<response>(network_failure(errc::receive_failed, true)), result<response>(json_answer(503, "")),
          result<response>(json_answer(408, "")), result<response>(json_answer(500, "{}"))}) {
        network.sent.clear();
        network.on_request([&](const request&) { return answer; });
        BOOST_TEST((call(effect::changes).error().code == sync::errc::outcome_unknown));
        BOOST_TEST(network.sent.size() == 1U);
        called.reset();
    }
}

BOOST_AUTO_TEST_CASE(a_change_that_certainly_was_not_carried_out_is_sent_again)
{
    network.on_request([&](const request&) -> result<response> {
        if (network.sent.size() == 1)
            return network_failure(errc::connect_failed, false);
        return network.sent.size() == 2 ? json_answer(429, "") : json_answer(201, "{}");
    });
    BOOST_TEST(call(effect::changes)->status == 201);
    BOOST_TEST(network.sent.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_change_does_not_leave_after_the_time_that_it_may_leave_by)
{
    network.on_request([&](const request&) -> result<response> {
        auto answer = json_answer(network.sent.size() == 1 ? 429 : 201, "{}");
        answer.headers.set("Retry-After", "61");
        return answer;
    });
    const auto too_late = call(effect::changes, "https://api.example.com/x", clock.now() + 60s);
    BOOST_TEST((too_late.error().code == sync::errc::not_sent));
    BOOST_TEST((too_late.error().retry_after >= 61s));
    BOOST_TEST(network.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_change_whose_turn_comes_too_late_is_not_sent)
{
    options.per_second = options.burst = 1.0 / 3600;
    network.on_request([&](const request&) { return json_answer(200, "{}"); });
    BOOST_TEST(call(effect::reads)->status == 200);
    const auto too_late = call(effect::changes, "https://api.example.com/x", clock.now() + 60s);
    BOOST_TEST((too_late.error().code == sync::errc::not_sent));
    BOOST_TEST(network.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_service_is_waited_for_as_long_as_it_asks)
{
    network.on_request([&](const request&) -> result<response> {
        auto answer = json_answer(network.sent.size() == 1 ? 429 : 200, "{}");
        answer.headers.set("Retry-After", "90");
        return answer;
    });
    const auto before = clock.now();
    BOOST_TEST(call(effect::reads)->status == 200);
    BOOST_TEST((clock.now() - before >= 90s));
}

BOOST_AUTO_TEST_CASE(a_wait_beyond_patience_ends_the_call_and_says_how_long)
{
    network.on_request([&](const request&) -> result<response> {
        auto answer = json_answer(503, "");
        answer.headers.set("Retry-After", "3600");
        return answer;
    });
    const auto answer = call(effect::reads);
    BOOST_TEST((answer.error().code == sync::errc::not_sent));
    BOOST_TEST((answer.error().retry_after == 3600s));
    BOOST_TEST(network.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(after_failures_in_a_row_nothing_is_sent_until_one_probe_succeeds)
{
    bool down = true;
    network.on_request([&](const request&) -> result<response> {
        if (down)
            return network_failure(errc::connect_failed, false);
        return json_answer(200, "{}");
    });
    for (int i = 0; i < options.breaker_threshold; ++i)
        BOOST_TEST(!call(effect::reads));
    BOOST_TEST(called->breaker().open);
    const auto before = network.sent.size();
    const auto refused = call(effect::reads);
    BOOST_TEST(network.sent.size() == before);
    BOOST_TEST(refused.error().retry_after.has_value());

    down = false;
    clock.run_for(31s);
    BOOST_TEST(call(effect::reads)->status == 200);
    BOOST_TEST(!called->breaker().open);
}

BOOST_AUTO_TEST_CASE(requests_are_spread_over_time_and_no_more_than_allowed_run_at_once)
{
    options.per_second = 10;
    options.burst = 1;
    options.concurrent = 2;
    network.delay = 1s;
    network.on_request([](const request&) -> result<response> { return json_answer(200, "{}"); });
    called = std::make_unique<service>(network, clock, random, events, nullptr, options);
    int done = 0;
    for (int i = 0; i < 10; ++i)
        boost::asio::co_spawn(clock.context(), called->call(request{.url = "https://api.example.com/x"}, effect::reads),
                              [&](std::exception_ptr, const sync::result<response>&) { ++done; });
    clock.run_for(4500ms);
    BOOST_TEST(done == 8); // two at once, a second each
    clock.run_for(2s);
    BOOST_TEST(done == 10);
}

BOOST_AUTO_TEST_CASE(a_budget_that_the_service_says_is_used_up_is_waited_for)
{
    options.headers = {"X-RateLimit-Remaining", "X-RateLimit-Reset", rate_headers::meaning::seconds_left};
    network.on_request([](const request&) -> result<response> {
        auto answer = json_answer(200, "{}");
        answer.headers.set("X-RateLimit-Remaining", "0");
        answer.headers.set("X-RateLimit-Reset", "20");
        return answer;
    });
    call(effect::reads);
    const auto before = clock.now();
    call(effect::reads);
    BOOST_TEST((clock.now() - before >= 20s));
}

BOOST_AUTO_TEST_CASE(a_reset_that_is_nonsense_closes_nothing_for_long)
{
    for (const auto* reset : {"-9223372036854775808", "9223372036854775807", "99999999999999999999"}) {
        options.headers = {"X-RateLimit-Remaining", "X-RateLimit-Reset", rate_headers::meaning::epoch_seconds};
        network.on_request([&](const request&) -> result<response> {
            auto answer = json_answer(200, "{}");
            answer.headers.set("X-RateLimit-Remaining", "0");
            answer.headers.set("X-RateLimit-Reset", reset);
            return answer;
        });
        call(effect::reads);
        const auto before = clock.now();
        call(effect::reads);
        BOOST_TEST((clock.now() - before <= 121s), reset);
    }
}

BOOST_AUTO_TEST_CASE(the_other_sides_words_are_told_without_address_and_query)
{
    request order;
    order.url = "https://api.example.com/x?apikey=secret";
    const auto told = failure_of(order, json_answer(422, R"({"errors":[{"message":"bad address ada@example.com"}]})"),
                                 effect::changes);
    BOOST_TEST(told.detail == "GET https://api.example.com/x: answered 422: \"bad address a…@example.com\"");
    BOOST_TEST((told.code == sync::errc::refused));
    response html;
    html.status = 500;
    html.body = "<html>";
    BOOST_TEST((failure_of(order, html, effect::changes).code == sync::errc::outcome_unknown));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
