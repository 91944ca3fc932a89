#include "connectors/notify/notifier.hpp"

#include "tests/support/scripted_programs.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::notify {
namespace {

namespace json = boost::json;
using sync::result;

struct told_people {
    result<void> tell(bool over = false)
    {
        const auto notifier = create_notifier(settings, network, programs, clock);
        BOOST_REQUIRE(notifier);
        return testing::run(clock, notifier->tell({about, over}));
    }

    config::notify_settings settings;
    testing::virtual_clock clock;
    testing::scripted_programs programs{[](const std::string&) { return testing::reaction{}; }};
    testing::scripted_transport network{[this](const http::request&) { return http::response{status, {}, "ok"}; }};
    int status = 200;
    sync::alarm about{"poll_failing", "engineering", sync::severity::critical, {}, "the HR system can't be read",
                      "look"};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(notifiers, told_people)

BOOST_AUTO_TEST_CASE(nothing_configured_is_no_notifier)
{
    BOOST_TEST(!create_notifier(settings, network, programs, clock));
}

BOOST_AUTO_TEST_CASE(a_program_gets_the_alarm_as_json)
{
    settings.command = {"/usr/local/bin/tell-us"};
    programs.ends_with = exec::ending{0, 0};
    BOOST_TEST(tell().has_value());
    const auto heard = json::parse(programs.heard.at(0));
    BOOST_TEST(heard.at("alarm") == "poll_failing");
    BOOST_TEST(heard.at("mapping") == "engineering");
    BOOST_TEST(heard.at("severity") == "critical");
    BOOST_TEST(heard.at("state") == "raised");
    BOOST_TEST(tell(true).has_value());
    BOOST_TEST(json::parse(programs.heard.at(1)).at("state") == "cleared");
}

BOOST_AUTO_TEST_CASE(a_program_that_fails_or_does_not_end_has_told_nobody)
{
    settings.command = {"/usr/local/bin/tell-us"};
    programs.ends_with = exec::ending{3, 0};
    BOOST_TEST(tell().error().detail.find("status 3") != std::string::npos);
    programs.ends_with.reset();
    BOOST_TEST(tell().error().detail == "/usr/local/bin/tell-us did not end within 30 s, and was killed");
    BOOST_TEST(programs.running == 0);
}

BOOST_AUTO_TEST_CASE(a_webhook_gets_text_as_slack_takes_it_and_its_address_is_never_told)
{
    settings.webhook = config::secret("https://hooks.example.com/services/T0/secret");
    BOOST_TEST(tell().has_value());
    const auto& sent = network.sent.at(0);
    BOOST_TEST(sent.method == "POST");
    BOOST_TEST(json::parse(sent.body).at("text") ==
               "testdome-sync, engineering: critical: the HR system can't be read. look");
    status = 404;
    BOOST_TEST(tell().error().detail == "https://hooks.example.com answered 404");
    network.on_request([](const http::request&) {
        return http::failure{http::errc::resolve_failed, "GET https://hooks.example.com/services/T0/secret", false};
    });
    BOOST_TEST(tell().error().detail.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_sign_of_life_asks_the_ping_address)
{
    settings.ping = config::secret("https://ping.example.com/uuid");
    const auto notifier = create_notifier(settings, network, programs, clock);
    BOOST_TEST(testing::run(clock, notifier->sign_of_life()).has_value());
    BOOST_TEST(network.sent.at(0).method == "GET");
    BOOST_TEST(network.sent.at(0).url == "https://ping.example.com/uuid");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::notify
