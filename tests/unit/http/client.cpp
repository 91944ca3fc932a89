#include "tests/support/misbehaving_server.hpp"
#include "tests/support/tunnel.hpp"
#include "tests/unit/http/trusting_client.hpp"

namespace testdome_sync::http {
namespace {

using testing::misbehaving_server;
using namespace std::chrono_literals;

struct client_fixture : trusting_client {
    using trusting_client::get;
    static request get(const misbehaving_server& server, const std::string& path = "/")
    {
        return get(server.port(), path);
    }
};

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

} // namespace

BOOST_FIXTURE_TEST_SUITE(client, client_fixture)

BOOST_AUTO_TEST_CASE(an_answer_is_read_and_the_connection_is_used_again)
{
    misbehaving_server server(good(), {{.answer = hello}, {.answer = hello}});
    for (int i = 0; i < 2; ++i) {
        const auto answer = send(get(server));
        BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().detail));
        BOOST_TEST(answer->body == "hello");
    }
    BOOST_TEST(server.connections() == 1);
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_there_was_asked_nothing)
{
    request order;
    {
        misbehaving_server server(good(), {});
        order = get(server);
    }
    const auto answer = send(order);
    BOOST_TEST((answer.error().code == errc::connect_failed));
    BOOST_TEST(!answer.error().may_have_been_carried_out);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_was_closed_is_replaced_for_a_safe_request)
{
    misbehaving_server server(good(), {{.answer = hello, .close = true}, {.answer = hello}});
    BOOST_TEST(send(get(server))->body == "hello");
    server.wait_for_close();
    BOOST_TEST(send(get(server))->body == "hello");
    BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(a_request_with_an_effect_is_written_to_one_connection_only)
{
    misbehaving_server server(good(), {{.answer = hello}, {.answer = "", .close = true}, {.answer = hello}});
    BOOST_TEST(send(get(server))->body == "hello");
    auto order = get(server);
    order.method = "POST";
    order.body = "{}";
    order.repeat = repetition::never;

    const auto answer = send(order);

    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().may_have_been_carried_out);
    BOOST_TEST(server.requests() == 2);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_too_large_is_cut_off)
{
    misbehaving_server server(good(),
                              {{.answer = "HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + std::string(2000, 'x')}});
    auto order = get(server);
    order.answer_limit_bytes = 1000;
    BOOST_TEST((send(order).error().code == errc::too_large));
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_ends_at_the_deadline)
{
    misbehaving_server server(good(), {{.answer = "", .close = false}});
    auto order = get(server);
    order.deadline = 200ms;
    const auto answer = send(order);
    BOOST_TEST((answer.error().code == errc::timed_out));
    BOOST_TEST(answer.error().may_have_been_carried_out);
}

BOOST_AUTO_TEST_CASE(a_line_break_can_not_be_smuggled_into_a_request)
{
    misbehaving_server server(good(), {{.answer = hello}});
    auto order = get(server);
    order.headers.set("X-Name", "a\r\nX-Other: b");
    BOOST_TEST((send(order).error().code == errc::invalid_url));
    BOOST_TEST(server.requests() == 0);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_refuses_is_told_and_nothing_was_sent)
{
    misbehaving_server proxy(good(), {{.answer = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"}},
                             misbehaving_server::protocol::plain);
    options.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
    request order;
    order.url = "https://example.test/";
    const auto answer = send(order);
    BOOST_TEST((answer.error().code == errc::connect_failed));
    BOOST_TEST(answer.error().detail.find("refuses the tunnel: HTTP/1.1 407") != std::string::npos,
               answer.error().detail);
    BOOST_TEST(!answer.error().may_have_been_carried_out);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_answers_nonsense_is_told_and_nothing_was_sent)
{
    for (const auto& [answer, words] : {std::pair{std::string(20'000, 'x'), "answers without end"},
                                        std::pair{std::string("SSH-2.0\r\n\r\n"), "refuses the tunnel: SSH-2.0"},
                                        std::pair{std::string("HTTP/1.1 200"), "closed the connection"}}) {
        misbehaving_server proxy(good(), {{.answer = answer, .close = true}}, misbehaving_server::protocol::plain);
        options.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
        request order;
        order.url = "https://example.test/";
        const auto made = send(order);
        BOOST_TEST((made.error().code == errc::connect_failed));
        BOOST_TEST(!made.error().may_have_been_carried_out);
        check_words(told(made), {words});
        sender.reset();
    }
}

BOOST_AUTO_TEST_CASE(a_tunnel_through_a_proxy_ends_at_the_verified_server)
{
    misbehaving_server server(good(), {{.answer = hello}});
    testing::tunnel proxy(server.port());
    options.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());

    auto order = get(server);
    order.headers.set("Authorization", "Bearer secret");
    const auto answer = send(order);

    BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().detail));
    BOOST_TEST(answer->body == "hello");
    BOOST_TEST(proxy.request().starts_with("CONNECT localhost:" + std::to_string(server.port()) + " HTTP/1.1\r\n"),
               proxy.request());
    BOOST_TEST(proxy.request().find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_server_behind_a_proxy_that_is_not_the_one_asked_for_is_refused)
{
    misbehaving_server other(good(), {{.answer = hello}});
    testing::tunnel proxy(other.port());
    options.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
    request order;
    order.url = "https://api.example.test/"; // the certificate is localhost's

    const auto answer = send(order);

    BOOST_REQUIRE(!answer);
    BOOST_TEST(!answer.error().may_have_been_carried_out);
    BOOST_TEST(other.requests() == 0);
}

BOOST_AUTO_TEST_CASE(hosts_that_no_proxy_names_are_asked_directly)
{
    misbehaving_server server(good(), {{.answer = hello}});
    options.proxy = "http://127.0.0.1:1";
    options.no_proxy = "localhost";
    const auto answer = send(get(server));
    BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().detail));
    BOOST_TEST(answer->body == "hello");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
