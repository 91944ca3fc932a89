#include "daemon/listener/site.hpp"
#include "tests/support/small_world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::listener {
namespace {

constexpr auto body = R"({"candidateId":"1f","testId":1001,"status":"Completed"})";
// openssl dgst -sha256 -hmac key
constexpr auto signature = "7bf6f3fbf78bb15e04b7c4ea06e0c5ef6ebf7f5f7ba0da7d8bd4b1dbe0e9b0b6";

struct hooked {
    int post(const std::string& path, const http::fields& headers = {}, const std::string& method = "POST")
    {
        return site.answer({method, path, headers, body}).status;
    }
    int post_signed(const std::string& with, const std::string& path = "/webhooks/sales")
    {
        http::fields headers;
        headers.add("x-signature", with);
        return post(path, headers);
    }
    std::vector<std::string> heard()
    {
        loop.restart(); // it had nothing to do
        loop.poll();
        return std::exchange(world.nudged, {});
    }

    small_world world;
    boost::asio::io_context loop{1};
    listener::site site{loop.get_executor(), world, world.clock, "1.2.3"};
};

const std::vector<std::string> nobody;

} // namespace

BOOST_FIXTURE_TEST_SUITE(webhook_answers, hooked)

BOOST_AUTO_TEST_CASE(who_knows_the_secret_makes_us_look_but_later)
{
    BOOST_TEST(post("/webhooks/testdome/testdome-0123456789abcdef") == 202);
    BOOST_TEST(world.nudged.empty());
    BOOST_TEST(heard() == std::vector<std::string>{"TestDome"}, boost::test_tools::per_element());
    BOOST_TEST(post("/webhooks/engineering/engineering-0123456789abcdef") == 202);
    BOOST_TEST(heard() == std::vector<std::string>{"engineering"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_does_not_is_told_that_there_is_nothing)
{
    for (const std::string path :
         {"/webhooks/testdome", "/webhooks/testdome/", "/webhooks/testdome/wrong", "/webhooks/", "/webhooks/nobody/x",
          "/webhooks/testdome/testdome-0123456789abcdeg", "/webhooks/testdome/testdome-0123456789abcdef/",
          "/webhooks/engineering/testdome-0123456789abcdef", "/webhooks/closed", "/webhooks/closed/", "/webhooks/%zz/x",
          "/webhooks/sales/key"})
        BOOST_TEST(post(path) == 404, path);
    BOOST_TEST(heard() == nobody, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_signature_of_the_body_is_as_good_as_a_secret)
{
    BOOST_TEST(post_signed("sha256=b5ae5bd6ae56f8bd") == 403);
    BOOST_TEST(post_signed(signature) == 403); // of another body
    BOOST_TEST(post("/webhooks/sales") == 403);
    BOOST_TEST(heard() == nobody, boost::test_tools::per_element());
    const std::string right = "0b266983055eeb9727eb2dabf83ccae03d5660392bf8cc8bad87ab3f046621c2";
    BOOST_TEST(post_signed(right) == 202);
    BOOST_TEST(post_signed("sha256=" + right) == 202);
    BOOST_TEST(heard() == std::vector<std::string>{"sales"}, boost::test_tools::per_element());
    BOOST_TEST(post_signed(right, "/webhooks/sales/") == 404);
}

BOOST_AUTO_TEST_CASE(a_name_may_hold_any_character)
{
    world.add("Büro & Co").webhook.path = config::secret("office-0123456789abcdef0");
    BOOST_TEST(post("/webhooks/B%C3%BCro%20%26%20Co/office-0123456789abcdef0") == 202);
    BOOST_TEST(heard() == std::vector<std::string>{"Büro & Co"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_post_is_a_nudge)
{
    for (const std::string method : {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
        BOOST_TEST(post("/webhooks/testdome/testdome-0123456789abcdef", {}, method) == 405, method);
    BOOST_TEST(heard() == nobody, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(too_many_are_told_to_wait_and_others_are_not)
{
    const auto* hook = "/webhooks/testdome/testdome-0123456789abcdef";
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(post(hook) == 202);
    const auto refused = site.answer({"POST", hook});
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.headers.find("retry-after").value_or("") == "1");
    BOOST_TEST(post("/webhooks/engineering/engineering-0123456789abcdef") == 202);
    world.clock.advance(std::chrono::seconds{1});
    BOOST_TEST(post(hook) == 202);
    BOOST_TEST(post(hook) == 429);
}

BOOST_AUTO_TEST_CASE(who_guesses_is_slowed_down_and_who_knows_is_not)
{
    int refused = 0;
    for (int i = 0; i < 100; ++i)
        refused += post("/webhooks/testdome/guess-" + std::to_string(i)) == 404 ? 1 : 0;
    BOOST_TEST(refused == 20);
    BOOST_TEST(post("/webhooks/testdome/testdome-0123456789abcdef") == 202);
    const auto metrics = site.answer({"GET", "/metrics"}).body;
    BOOST_TEST(holds(metrics, "webhooks_total{outcome=\"accepted\"} 1"));
    BOOST_TEST(holds(metrics, "webhooks_total{outcome=\"refused\"} 20"));
    BOOST_TEST(holds(metrics, "webhooks_total{outcome=\"limited\"} 80"));
}

BOOST_AUTO_TEST_CASE(a_hook_that_was_removed_is_gone_at_once)
{
    world.main.testdome_webhook = {};
    BOOST_TEST(post("/webhooks/testdome/testdome-0123456789abcdef") == 404);
    BOOST_TEST(post("/webhooks/testdome/") == 404);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
