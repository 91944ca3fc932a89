#include "connectors/http/client.hpp"
#include "tests/sandbox/certificates.hpp"
#include "tests/support/misbehaving_server.hpp"
#include "tests/support/tunnel.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <optional>

#include <stdlib.h>
#include <zlib.h>

namespace testdome_sync::http {
namespace {

using testing::misbehaving_server;
using namespace std::chrono_literals;

const sandbox::certificate& authority()
{
    static const auto made = sandbox::make_authority();
    return made;
}

/// A client that trusts the authority, and a loop to run it on.
struct client_fixture {
    client_fixture()
    {
        std::string name = (std::filesystem::temp_directory_path() / "testdome-sync-ca.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        std::ofstream(directory + "/ca.pem") << authority().certificate_pem;
        options.ca_file = directory + "/ca.pem";
    }
    ~client_fixture() { std::filesystem::remove_all(directory); }

    result<response> send(request order)
    {
        if (!sender)
            sender = create_client(context.get_executor(), options);
        std::optional<result<response>> answer;
        boost::asio::co_spawn(context, sender->send(std::move(order)),
                              [&](std::exception_ptr error, result<response> made) {
                                  BOOST_TEST(!error);
                                  answer.emplace(std::move(made));
                              });
        context.restart();
        while (!answer)
            context.run_one();
        return *answer;
    }

    request get(const misbehaving_server& server, const std::string& path = "/") const
    {
        request order;
        order.url = "https://localhost:" + std::to_string(server.port()) + path;
        order.repeat = repetition::safe;
        order.deadline = 5s;
        return order;
    }

    boost::asio::io_context context{1};
    client_options options;
    std::string directory;
    std::unique_ptr<transport> sender;
};

sandbox::certificate good()
{
    return sandbox::issue(authority());
}

std::string gzip(const std::string& text)
{
    z_stream stream{};
    BOOST_REQUIRE(::deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string packed(::deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    std::string input = text;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    BOOST_REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    ::deflateEnd(&stream);
    return packed;
}

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

BOOST_AUTO_TEST_CASE(certificates_that_are_not_right_are_refused_with_the_reason)
{
    const auto refused = [&](const sandbox::certificate& identity, const std::string& reason) {
        misbehaving_server server(identity, {{.answer = hello}});
        const auto answer = send(get(server));
        BOOST_REQUIRE(!answer);
        BOOST_TEST((answer.error().code == errc::tls_failed));
        BOOST_TEST(answer.error().detail.find(reason) != std::string::npos, answer.error().detail);
        BOOST_TEST(!answer.error().may_have_been_carried_out);
    };
    refused(sandbox::issue(authority(), {.hosts = {"localhost"}, .valid_from = -7200s, .valid_until = -3600s}),
            "expired");
    refused(sandbox::issue(authority(), {.hosts = {"other.example"}}),
            "the certificate is for another host, not for localhost");
    refused(sandbox::make_authority("localhost"), "self-signed");
    refused(sandbox::issue(sandbox::make_authority("Somebody else")), "issuer");
}

BOOST_AUTO_TEST_CASE(tls_before_1_2_is_refused)
{
    misbehaving_server server(good(), {{.answer = hello}}, misbehaving_server::protocol::tls_1_1);
    BOOST_TEST((send(get(server)).error().code == errc::tls_failed));
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

BOOST_AUTO_TEST_CASE(half_an_answer_no_http_and_smuggled_lengths_are_failures)
{
    for (const auto& answer :
         {std::string("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf"), std::string("SSH-2.0-OpenSSH\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
          std::string("HTTP/1.1 200 OK\r\n")}) {
        misbehaving_server server(good(), {{.answer = answer, .close = true}, {.answer = answer, .close = true}});
        const auto made = send(get(server));
        BOOST_TEST((!made && made.error().code == errc::receive_failed), answer);
        sender.reset();
    }
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

BOOST_AUTO_TEST_CASE(a_redirect_is_followed_within_its_origin_only)
{
    const auto to = [](const std::string& url) {
        return "HTTP/1.1 302 Found\r\nLocation: " + url + "\r\nContent-Length: 0\r\n\r\n";
    };
    misbehaving_server server(good(),
                              {{.answer = to("/other")}, {.answer = hello}, {.answer = to("https://127.0.0.1:1/")}});
    auto order = get(server);
    order.follow = redirects::same_origin;
    BOOST_TEST(send(order)->body == "hello");
    BOOST_TEST(send(order)->status == 302);
    BOOST_TEST(server.requests() == 3);
}

BOOST_AUTO_TEST_CASE(redirects_that_never_end_are_given_up)
{
    std::vector<misbehaving_server::step> steps(
        10, {.answer = "HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"});
    misbehaving_server server(good(), steps);
    auto order = get(server);
    order.follow = redirects::same_origin;
    BOOST_TEST((send(order).error().code == errc::too_many_redirects));
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

BOOST_AUTO_TEST_CASE(a_compressed_answer_is_unpacked_and_one_that_would_fill_the_memory_is_not)
{
    const auto compressed = [](const std::string& body) {
        const auto packed = gzip(body);
        return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
               "\r\n\r\n" + packed;
    };
    misbehaving_server server(good(),
                              {{.answer = compressed("hello")}, {.answer = compressed(std::string(50'000'000, ' '))}});
    const auto answer = send(get(server));
    BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().detail));
    BOOST_TEST(answer->body == "hello");

    auto bomb = get(server);
    bomb.answer_limit_bytes = 1'000'000;
    BOOST_TEST((send(bomb).error().code == errc::too_large));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
