// Where a redirect may lead a request with credentials: nowhere but to the same origin.
#include "connectors/http/service.hpp"
#include "tests/support/hostile_server.hpp"
#include "tests/unit/http/trusting_client.hpp"

#include <atomic>
#include <mutex>

namespace testdome_sync::http {
namespace {

using testing::hostile_server;
using testing::peer;
using namespace std::chrono_literals;

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

std::string to(const std::string& location, const std::string& status = "302 Found")
{
    return "HTTP/1.1 " + status + "\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n";
}

/// Answers the first request of all with `first`, and whatever follows with `then`; remembers the requests.
class redirecting_server {
public:
    redirecting_server(std::string first, std::string then)
        : server_(good(), [this, first = std::move(first), then = std::move(then)](peer& client) {
              if (!client.shake_hands())
                  return;
              for (auto request = client.read_request(); !request.empty(); request = client.read_request()) {
                  {
                      const std::lock_guard lock(guard_);
                      requests_.push_back(request);
                  }
                  client.write(requests_.size() == 1 ? first : then);
              }
          })
    {
    }
    std::uint16_t port() const { return server_.port(); }
    std::vector<std::string> requests() const
    {
        const std::lock_guard lock(guard_);
        return requests_;
    }

private:
    mutable std::mutex guard_;
    std::vector<std::string> requests_;
    hostile_server server_; // last: its thread uses the others
};

request following(const redirecting_server& server)
{
    auto order = trusting_client::get(server.port(), "/api/v1?page=1");
    order.headers.set("Authorization", "Bearer secret");
    order.follow = redirects::same_origin;
    return order;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(redirection, trusting_client)

BOOST_AUTO_TEST_CASE(a_redirect_within_the_origin_is_followed)
{
    for (const auto& [location, line] :
         std::vector<std::pair<std::string, std::string>>{{"/other", "GET /other HTTP/1.1"},
                                                          {"other?x=y", "GET /api/other?x=y HTTP/1.1"},
                                                          {"?page=2", "GET /api/v1?page=2 HTTP/1.1"},
                                                          {"../other", "GET /other HTTP/1.1"}}) {
        const redirecting_server server(to(location), hello);
        BOOST_TEST(told(send(following(server))) == "200 hello", location);
        const auto requests = server.requests();
        BOOST_REQUIRE(requests.size() == 2U);
        BOOST_TEST(requests.back().starts_with(line), requests.back());
        BOOST_TEST(requests.back().find("Authorization: Bearer secret") != std::string::npos);
        sender.reset();
    }
}

BOOST_AUTO_TEST_CASE(a_redirect_to_anywhere_else_is_not_followed_and_told)
{
    const redirecting_server stranger(hello, hello);
    const auto port = std::to_string(stranger.port());
    for (const auto& [location, shown] : std::vector<std::pair<std::string, std::string>>{
             {"https://127.0.0.1:" + port + "/?code=secret", "redirects to https://127.0.0.1:" + port + "/,"},
             {"//127.0.0.1:" + port + "/x", "redirects to //127.0.0.1:" + port + "/x,"},
             {"https://localhost:" + port + "/x", "redirects to https://localhost:" + port + "/x,"},
             {"https://user:secret@localhost:" + port + "/x", "redirects to https://localhost:" + port + "/x,"},
             {"http://localhost:" + port + "/x", "redirects to http://localhost"},
             {"file:///etc/passwd", "redirects to file:///etc/passwd,"},
             {"gopher://localhost/x", "redirects to gopher://localhost/x,"},
             {"javascript:alert(1)", "redirects to javascript:alert(1),"},
             {"https://[", "redirects to https://[,"},
             {"\xff\xfe", "redirects to "}}) {
        const redirecting_server server(to(location), hello);
        const auto order = following(server);
        const auto answer = send(order);
        BOOST_TEST(told(answer) == "302 ", location);
        BOOST_REQUIRE(answer);
        const auto failure = failure_of(order, *answer, effect::reads);
        BOOST_TEST((failure.code == sync::errc::malformed));
        check_words(failure.detail, {"answered 302; it " + shown, "not followed with our credentials", "change url"});
        BOOST_TEST(failure.detail.find("secret") == std::string::npos, failure.detail);
        BOOST_TEST(server.requests().size() == 1U, location);
        sender.reset();
    }
    BOOST_TEST(stranger.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_redirect_without_a_target_is_told)
{
    const redirecting_server server("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", hello);
    const auto order = following(server);
    const auto answer = send(order);
    BOOST_REQUIRE(answer);
    check_words(failure_of(order, *answer, effect::reads).detail, {"a redirect that does not say where to"});
    BOOST_TEST(server.requests().size() == 1U);
}

BOOST_AUTO_TEST_CASE(ten_thousand_redirects_are_given_up_after_a_few)
{
    const redirecting_server server(to("/a"), to("/b", "308 Permanent Redirect"));
    const auto answer = send(following(server));
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::too_many_redirects));
    check_words(told(answer), {"more than 5 redirects"});
    BOOST_TEST(server.requests().size() == 6U);
}

BOOST_AUTO_TEST_CASE(redirects_share_one_deadline)
{
    const hostile_server server(good(), [](peer& client) {
        if (!client.shake_hands())
            return;
        while (!client.read_request().empty() && client.stay(60ms))
            client.write(to("/again"));
    });
    auto order = get(server.port());
    order.follow = redirects::same_origin;
    order.deadline = 150ms;
    BOOST_TEST((send(order).error().code == errc::timed_out));
}

BOOST_AUTO_TEST_CASE(what_has_an_effect_is_not_sent_anywhere_else)
{
    for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) {
        const redirecting_server server(to("/other", "307 Temporary Redirect"), hello);
        auto order = following(server);
        order.method = method;
        order.repeat = repetition::never;
        BOOST_TEST(told(send(order)) == "307 ", method);
        BOOST_TEST(server.requests().size() == 1U);
        sender.reset();
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
