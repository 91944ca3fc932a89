#include "connectors/http/budget.hpp"

#include "connectors/http/shared_access.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::http {
namespace {

using namespace std::chrono_literals;
using testing::json_answer;

struct budget_fixture {
    budget_fixture()
    {
        options.name = "example";
        options.per_second = options.burst = 1000;
        network.on_request([this](const request&) {
            times.push_back(clock.now());
            return result<response>(json_answer(200, "{}"));
        });
    }

    std::unique_ptr<service> made(std::shared_ptr<budget> allowance = nullptr)
    {
        return std::make_unique<service>(network, clock, random, events, nullptr, options, std::move(allowance));
    }

    sync::result<response> call(service& on, double cost = 1)
    {
        request order;
        order.url = "https://api.example.com/x";
        order.cost = cost;
        return testing::run(clock, on.call(std::move(order), effect::reads));
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
    service_options options;
    std::vector<sync::monotonic_time> times;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(budgets, budget_fixture)

BOOST_AUTO_TEST_CASE(no_period_of_the_window_s_length_has_more_requests_than_allowed)
{
    options.requests = 10;
    options.window = 10s;
    const auto on = made();
    for (int i = 0; i < 45; ++i) {
        BOOST_REQUIRE(call(*on));
        clock.run_for(i % 7 == 0 ? 900ms : 50ms);
    }
    for (std::size_t i = 0; i + 10 < times.size(); ++i)
        BOOST_TEST((times[i + 10] - times[i] >= 10s), "request " << i + 10);
    BOOST_TEST((times.back() - times.front() < 50s)); // and the budget is used
}

BOOST_AUTO_TEST_CASE(credits_count_by_what_a_request_costs)
{
    options.credits = 10;
    options.credit_window = 60s;
    const auto on = made();
    for (int i = 0; i < 4; ++i)
        BOOST_REQUIRE(call(*on, 3));
    BOOST_TEST((times[2] == times[0]));
    BOOST_TEST((times[3] - times[0] >= 60s));
    BOOST_REQUIRE(call(*on, 100)); // dearer than everything: it waits for an empty window, not for ever
    BOOST_TEST((times[4] - times[3] >= 60s));
}

BOOST_AUTO_TEST_CASE(a_budget_that_is_used_up_for_long_ends_the_call_and_says_how_long)
{
    options.credits = 2;
    options.credit_window = 24h;
    const auto on = made();
    BOOST_REQUIRE(call(*on));
    clock.run_for(1h);
    BOOST_REQUIRE(call(*on));
    const auto refused = call(*on);
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == sync::errc::not_sent));
    BOOST_TEST((*refused.error().retry_after == 23h));
    BOOST_TEST(refused.error().detail.find("the budget of example is used up for another 1380 minutes") !=
                   std::string::npos,
               refused.error().detail);
    BOOST_TEST(times.size() == 2U);
    BOOST_TEST(!on->breaker().open);
    clock.run_for(23h);
    BOOST_TEST(call(*on).has_value());
}

BOOST_AUTO_TEST_CASE(a_long_window_is_counted_in_parts_and_never_for_too_short)
{
    spending spent(1000, 1h);
    testing::virtual_clock time;
    for (int i = 0; i < 1000; ++i) {
        BOOST_REQUIRE((spent.wait_for(1, time.now()) == 0ns));
        spent.spend(1, time.now());
        time.run_for(1s);
    }
    const auto wait = spent.wait_for(1, time.now()); // the first was spent 1000 s ago
    BOOST_TEST((wait >= 2600s && wait <= 2600s + 3600s / 256 + 1s));
}

BOOST_AUTO_TEST_CASE(two_services_with_one_credential_have_one_budget)
{
    options.requests = 4;
    options.window = 30s;
    shared_access shared;
    const auto one = made(shared.budget_for("key", clock, options));
    const auto other = made(shared.budget_for("key", clock, options));
    const auto stranger = made(shared.budget_for("another key", clock, options));
    for (int i = 0; i < 3; ++i) {
        BOOST_REQUIRE(call(*one));
        BOOST_REQUIRE(call(*other));
    }
    BOOST_TEST((times[4] - times[0] >= 30s));
    const auto before = clock.now();
    BOOST_REQUIRE(call(*stranger));
    BOOST_TEST((clock.now() == before));
}

BOOST_AUTO_TEST_CASE(what_the_headers_say_to_one_of_two_that_share_holds_for_both)
{
    options.headers = {"X-Remaining", "X-Reset", rate_headers::meaning::seconds_left};
    network.on_request([this](const request&) {
        times.push_back(clock.now());
        auto answer = json_answer(200, "{}");
        answer.headers.set("X-Remaining", times.size() == 1 ? "0" : "9");
        answer.headers.set("X-Reset", "20");
        return result<response>(std::move(answer));
    });
    shared_access shared;
    const auto one = made(shared.budget_for("key", clock, options));
    const auto other = made(shared.budget_for("key", clock, options));
    BOOST_REQUIRE(call(*one));
    BOOST_REQUIRE(call(*other));
    BOOST_TEST((times[1] - times[0] >= 20s));
}

BOOST_AUTO_TEST_CASE(one_request_at_a_time_holds_for_both_of_two_that_share)
{
    options.concurrent = 1;
    shared_access shared;
    const auto one = made(shared.budget_for("key", clock, options));
    options.concurrent = 4; // the smaller number counts
    const auto other = made(shared.budget_for("key", clock, options));
    network.delay = 10s;
    int answers = 0;
    for (auto* on : {one.get(), other.get(), one.get()}) {
        request order;
        order.url = "https://api.example.com/x";
        const auto work = [](service& of, request what, int& count) -> boost::asio::awaitable<void> {
            const auto done = co_await of.call(std::move(what), effect::reads);
            count += done ? 1 : 0;
        };
        boost::asio::co_spawn(clock.context(), work(*on, order, answers), boost::asio::detached);
    }
    clock.run_for(25s);
    BOOST_TEST(network.sent.size() == 3U);
    BOOST_TEST(answers == 2);
    clock.run_for(10s);
    BOOST_TEST(answers == 3);
}

BOOST_AUTO_TEST_CASE(a_429_without_retry_after_waits_until_the_reset_or_for_the_pause)
{
    const auto waited = [&](const std::string& reset, rate_headers::meaning meaning) {
        options.headers = {"X-Remaining", "X-Reset", meaning};
        options.pause = 62s;
        network.sent.clear();
        network.on_request([&](const request&) -> result<response> {
            auto answer = json_answer(network.sent.size() == 1 ? 429 : 200, "{}");
            if (!reset.empty() && network.sent.size() == 1)
                answer.headers.set("X-Reset", reset);
            return answer;
        });
        const auto before = clock.now();
        const auto on = made();
        BOOST_TEST(call(*on).has_value());
        return std::chrono::floor<std::chrono::seconds>(clock.now() - before);
    };
    const auto epoch = std::chrono::duration_cast<std::chrono::seconds>(clock.wall().time_since_epoch()).count();
    BOOST_TEST((waited(std::to_string(epoch + 40), rate_headers::meaning::epoch_seconds) == 40s));
    BOOST_TEST((waited("35", rate_headers::meaning::seconds_left) == 35s));
    BOOST_TEST((waited("", rate_headers::meaning::seconds_left) == 62s));
    BOOST_TEST((waited("99999999999999999999", rate_headers::meaning::seconds_left) == 62s));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
