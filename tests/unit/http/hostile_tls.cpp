// Who can't prove to be the server, or breaks TLS's rules: refused, with a reason that an administrator understands.
#include "tests/support/forged_certificates.hpp"
#include "tests/support/hostile_server.hpp"
#include "tests/support/tunnel.hpp"
#include "tests/unit/http/trusting_client.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <atomic>

namespace testdome_sync::http {
namespace {

using testing::forge;
using testing::hostile_server;
using testing::peer;
using testing::sign;
using namespace std::chrono_literals;

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

void say_hello(peer& client)
{
    if (!client.shake_hands())
        return;
    while (!client.read_request().empty())
        client.write(hello);
}

struct hostile_tls : trusting_client {
    /// Asks for `host`; a name that isn't this machine's is reached through a proxy, so that no name service is asked.
    result<response> ask(const hostile_server& server, const std::string& host = "localhost")
    {
        sender.reset();
        std::optional<testing::tunnel> proxy;
        options.proxy.clear();
        if (host != "localhost" && host != "127.0.0.1") {
            proxy.emplace(server.port());
            options.proxy = "http://127.0.0.1:" + std::to_string(proxy->port());
        }
        auto order = get(server.port(), "/", host);
        const auto answer = send(std::move(order));
        sender.reset();
        return answer;
    }

    void refused(const std::string& what, const hostile_server& server, std::vector<std::string> words,
                 const std::string& host = "localhost")
    {
        BOOST_TEST_CONTEXT(what)
        {
            const auto answer = ask(server, host);
            BOOST_REQUIRE_MESSAGE(!answer, "accepted");
            const auto& detail = answer.error().detail;
            BOOST_TEST((answer.error().code == errc::tls_failed), detail);
            BOOST_TEST(!answer.error().may_have_been_carried_out);
            words.push_back("no secure connection to " + host + " port " + std::to_string(server.port()) + ": ");
            check_words(detail, words);
            BOOST_TEST(detail.find("error:") == std::string::npos,
                       detail); // OpenSSL's codes: error:0A000086:SSL routines
            BOOST_TEST(detail.find("routines") == std::string::npos, detail);
            BOOST_TEST(std::ranges::none_of(detail, [](char c) { return c >= 0 && c < ' '; }), detail);
            BOOST_TEST_MESSAGE(what << " → " << detail.substr(detail.find(": ") + 2));
        }
    }
};

struct impostor {
    std::string what;
    sandbox::certificate identity;
    std::vector<std::string> words;
    std::string host = "localhost";
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_tls_servers, hostile_tls)

BOOST_AUTO_TEST_CASE(certificates_that_are_not_right_are_refused_with_reason_and_remedy)
{
    using testing::forgery;
    const auto rsa = testing::make_rsa_authority();
    options.ca_file = written("ca.pem", authority().certificate_pem + rsa.certificate_pem);
    const auto made = [](const forgery& wanted) { return forge(authority(), wanted); };
    const auto leaf = made({.common_name = "Just a server"});
    const std::vector<impostor> table{
        {"expired", made({.valid_from = -7200s, .valid_until = -3600s}), {"expired on 20", " UTC", "must renew it"}},
        {"not yet valid", made({.valid_from = 3600s}), {"is valid only from 20", "check this machine's clock"}},
        {"another host",
         made({.names = "DNS:other.example,IP:10.0.0.1,IP:fe80::1"}),
         {"is for another host (other.example, 10.0.0.1, fe80::1), not for localhost", "check the host in url"}},
        {"a name where an address is asked for",
         made({.names = "DNS:localhost"}),
         {"is for another host (localhost), not for 127.0.0.1"},
         "127.0.0.1"},
        {"an address written as a name", made({.names = "DNS:127.0.0.1"}), {"not for 127.0.0.1"}, "127.0.0.1"},
        {"an address where a name is asked for", made({.names = "IP:127.0.0.1"}), {"not for localhost"}},
        {"a wildcard of another domain", made({.names = "DNS:*.example"}), {"for another host (*.example)"}},
        {"a wildcard for everything", made({.names = "DNS:*"}), {"for another host (*)"}},
        {"a wildcard for part of a label",
         made({.names = "DNS:a*.example.test"}),
         {"for another host (a*.example.test)"},
         "api.example.test"},
        {"a wildcard for two labels", made({.names = "DNS:*.test"}), {"for another host (*.test)"}, "api.example.test"},
        {"a wildcard's own domain", made({.names = "DNS:*.example.test"}), {"for another host"}, "example.test"},
        {"a longer name", made({.names = "DNS:localhost.example"}), {"for another host"}},
        {"a name that goes on after a NUL",
         made({.raw_name = std::string("localhost\0.evil.example", 23)}),
         {"for another host (localhost", ".evil.example), not for localhost"}},
        {"a name that would write to a terminal",
         made({.raw_name = "\x1b[2J\r\nall is well\x07"}),
         {"for another host (", "[2J"}},
        {"a common name only", made({.names = ""}), {"names no host", "subjectAltName localhost"}},
        {"self-signed", made({.self_signed = true}), {"self-signed", "in ca_file"}},
        {"an unknown authority",
         sandbox::issue(sandbox::make_authority("Somebody else")),
         {"issued by \"Somebody else\"", "not trusted here", "in ca_file"}},
        {"an unknown authority that calls itself ours",
         sandbox::issue(sandbox::make_authority()),
         {"was not signed by \"testdome-sync sandbox CA\", as it says", "impostor"}},
        {"issued by a server", forge(leaf), {"\"Just a server\"", "may not issue certificates"}},
        {"for clients only", made({.usage = "clientAuth"}), {"not meant for a server", "issued anew"}},
        {"a weak key", made({.rsa_bits = 1024}), {"key that is too weak", "2048"}},
        {"signed with SHA-1", made({.digest = "SHA1"}), {"SHA-1 or MD5", "issued anew"}},
        {"signed with MD5", forge(rsa, {.digest = "MD5"}), {"SHA-1 or MD5", "issued anew"}},
    };
    for (const auto& row : table) {
        const hostile_server server(row.identity, say_hello, {.weak = true});
        refused(row.what, server, row.words, row.host);
    }
}

BOOST_AUTO_TEST_CASE(certificates_that_are_right_are_accepted)
{
    const auto between = forge(authority(), {.common_name = "Between", .constraints = "critical,CA:TRUE"});
    const auto alone = forge(authority(), {.self_signed = true});
    options.ca_file = written("ca.pem", authority().certificate_pem + alone.certificate_pem);
    const std::vector<impostor> table{
        {"a name", good(), {}},
        {"an address", good(), {}, "127.0.0.1"},
        {"a wildcard", forge(authority(), {.names = "DNS:*.example.test"}), {}, "api.example.test"},
        {"a certificate between", forge(between), {}},
        {"self-signed, but named in ca_file", alone, {}},
        {"an RSA key", forge(authority(), {.rsa_bits = 2048}), {}},
    };
    for (const auto& row : table) {
        const hostile_server server(row.identity, say_hello);
        BOOST_TEST(told(ask(server, row.host)) == "200 hello", row.what);
    }
}

BOOST_AUTO_TEST_CASE(who_breaks_the_rules_of_the_handshake_is_refused_with_the_reason)
{
    struct situation {
        std::string what;
        hostile_server::protocol speaks;
        hostile_server::conduct behaviour;
        std::vector<std::string> words;
    };
    const auto answers = [](std::string bytes) {
        return [bytes](peer& client) {
            client.read_beneath_tls();
            client.write_beneath_tls(bytes);
        };
    };
    using stranger = hostile_server::protocol::stranger;
    const std::vector<situation> table{
        {"TLS 1.0", {.newest = TLS1_VERSION, .weak = true}, say_hello, {"TLS older than 1.2", "must be updated"}},
        {"TLS 1.1", {.newest = TLS1_1_VERSION, .weak = true}, say_hello, {"TLS older than 1.2", "must be updated"}},
        {"a name that it does not know, and says so",
         {.host = "other.example", .answer = stranger::alert},
         say_hello,
         {"does not know the host name localhost", "check the host in url"}},
        {"a name that it does not know, and hangs up",
         {.host = "other.example", .answer = stranger::silence},
         say_hello,
         {"closed the connection in the middle of the TLS handshake", "the host name localhost"}},
        {"it hangs up at once", {}, [](peer&) {}, {"closed the connection in the middle of the TLS handshake"}},
        {"plain HTTP", {}, answers("HTTP/1.1 400 Bad Request\r\n\r\n"), {"does not speak TLS", "check the port"}},
        {"SSH", {}, answers("SSH-2.0-OpenSSH_9.2p1\r\n"), {"does not speak TLS", "check the port"}},
        {"garbage", {}, answers(std::string(1000, '\xA5')), {"does not speak TLS", "check the port"}},
        {"zeros", {}, answers(std::string(1000, '\0')), {"does not speak TLS", "check the port"}},
        {"a record that is too large",
         {},
         answers(std::string("\x16\x03\x03\xff\xff", 5) + std::string(0xffff, 'x')),
         {"does not speak TLS"}},
        {"an alert", {}, answers(std::string("\x15\x03\x03\x00\x02\x02\x28", 7)), {"none of the secure ciphers"}},
        {"a flood of warnings",
         {},
         [](peer& client) {
             client.read_beneath_tls();
             for (int i = 0; i < 1000 && client.write_beneath_tls({"\x15\x03\x03\x00\x02\x01\x5a", 7}); ++i) {
             }
         },
         {"TLS"}},
    };
    for (const auto& row : table) {
        const hostile_server server(good(), row.behaviour, row.speaks);
        refused(row.what, server, row.words);
    }
}

BOOST_AUTO_TEST_CASE(a_handshake_that_breaks_off_after_any_byte_is_a_failure_before_anything_was_sent)
{
    for (const auto& [version, stride] : {std::pair{TLS1_3_VERSION, 1U}, std::pair{TLS1_2_VERSION, 7U}}) {
        std::atomic<std::size_t> allowed = 0;
        std::atomic<bool> shaken = false, whole = false;
        const hostile_server server(good(),
                                    [&](peer& client) {
                                        whole = client.shake_hands_within(allowed);
                                        // In TLS 1.3, the client is done before the server is: only tickets are
                                        // missing.
                                        shaken = whole || (SSL_version(client.tls()) == TLS1_3_VERSION &&
                                                           SSL_is_init_finished(client.tls()));
                                        client.hang_up();
                                    },
                                    {.newest = version});
        sender = create_client(context.get_executor(), options);
        std::string wrong;
        for (; !whole && allowed < 5000; allowed += stride) {
            const auto answer = send(get(server.port()));
            const bool right =
                !answer && (shaken ? answer.error().code != errc::tls_failed : answer.error().code == errc::tls_failed);
            if (!right || answer.error().may_have_been_carried_out != shaken)
                wrong += std::to_string(allowed) + ": " + told(answer) + '\n';
        }
        BOOST_TEST(wrong == "");
        BOOST_TEST(whole.load());
        BOOST_TEST(allowed > 500U);
        sender.reset();
    }
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_shake_hands_ends_at_the_deadline)
{
    const hostile_server server(good(), [](peer& client) { client.stay_until_the_client_closes(); });
    auto order = get(server.port());
    order.deadline = 200ms;
    const auto answer = send(order);
    BOOST_TEST((answer.error().code == errc::timed_out));
    BOOST_TEST(!answer.error().may_have_been_carried_out);
    check_words(told(answer), {"no answer within", "the TLS handshake did not end"});
}

BOOST_AUTO_TEST_CASE(an_end_without_notice_is_an_end_only_after_a_whole_answer)
{
    const auto cut = [&](const std::string& text, bool politely) {
        const hostile_server server(good(), [&](peer& client) {
            client.shake_hands();
            client.read_request();
            client.write(text);
            if (!politely)
                client.hang_up();
        });
        return ask(server);
    };
    BOOST_TEST(told(cut(hello, false)) == "200 hello");
    const std::string unknown_length = "HTTP/1.1 200 OK\r\n\r\nhel";
    BOOST_TEST(told(cut(unknown_length, true)) == "200 hel");
    const auto torn = cut(unknown_length, false);
    BOOST_TEST((torn.error().code == errc::receive_failed));
    BOOST_TEST(torn.error().may_have_been_carried_out);
    check_words(told(torn), {"the answer broke off: the other side closed the connection without saying so"});
}

BOOST_AUTO_TEST_CASE(a_server_that_asks_to_negotiate_anew_is_refused)
{
    std::atomic<int> reason = 0;
    const auto answer = [&] {
        const hostile_server server(good(),
                                    [&](peer& client) {
                                        client.shake_hands();
                                        client.read_request();
                                        ::SSL_renegotiate(client.tls());
                                        ::SSL_do_handshake(client.tls()); // sends the HelloRequest
                                        client.read_request();            // and waits for a ClientHello
                                        reason = ERR_GET_REASON(::ERR_peek_error());
                                    },
                                    {.newest = TLS1_2_VERSION});
        return ask(server); // then the server is waited for, so that it has seen the refusal
    }();
    BOOST_TEST((answer.error().code == errc::receive_failed));
    BOOST_TEST(answer.error().may_have_been_carried_out);
    BOOST_TEST(reason == SSL_R_NO_RENEGOTIATION);
}

BOOST_AUTO_TEST_CASE(a_flood_of_key_updates_ends_at_the_deadline)
{
    const hostile_server server(good(), [](peer& client) {
        client.shake_hands();
        client.read_request();
        do // OpenSSL has no limit for these: it is time that ends them
            ::SSL_key_update(client.tls(), SSL_KEY_UPDATE_NOT_REQUESTED);
        while (::SSL_do_handshake(client.tls()) == 1);
    });
    auto order = get(server.port());
    order.deadline = 500ms;
    const auto answer = send(std::move(order));
    BOOST_TEST((answer.error().code == errc::timed_out), told(answer));
    BOOST_TEST(answer.error().may_have_been_carried_out);
}

BOOST_AUTO_TEST_CASE(a_server_that_wants_a_client_certificate_says_so)
{
    for (const auto& [version, words] :
         {std::pair{TLS1_3_VERSION, "it wants a client certificate, and testdome-sync has none"},
          std::pair{TLS1_2_VERSION, "wants a client certificate"}}) {
        const hostile_server server(good(),
                                    [](peer& client) {
                                        ::SSL_set_verify(client.tls(),
                                                         SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
                                        client.shake_hands();
                                    },
                                    {.newest = version});
        check_words(told(ask(server)), {words});
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(revocation, hostile_tls)

BOOST_AUTO_TEST_CASE(a_revoked_certificate_is_refused_and_so_is_everybody_without_a_current_list)
{
    const auto stolen = sandbox::issue(authority());
    const auto by_this = [](const testing::revocation_list& list) { return sign(authority(), list); };
    struct situation {
        std::string what;
        std::string list;
        std::vector<std::string> words;
    };
    const std::vector<situation> table{
        {"revoked", by_this({.revoked = {stolen}}), {"was revoked by \"testdome-sync sandbox CA\"", "new certificate"}},
        {"a list that has expired",
         by_this({.valid_from = -7200s, .valid_until = -3600s}),
         {"revocation list of \"testdome-sync sandbox CA\" in crl_file expired on 20", "fetch a new one"}},
        {"a list of the future", by_this({.valid_from = 3600s, .valid_until = 7200s}), {"valid only from 20", "clock"}},
        {"another authority's list",
         sign(sandbox::make_authority("Somebody else"), {}),
         {"holds no revocation list of \"testdome-sync sandbox CA\"", "add that list to crl_file"}},
        {"a list that somebody else signed", sign(sandbox::make_authority(), {}), {"can't be used", "signature"}},
    };
    for (const auto& row : table) {
        options.crl_file = written("crl.pem", row.list);
        const hostile_server server(stolen, say_hello);
        refused(row.what, server, row.words);
    }
}

BOOST_AUTO_TEST_CASE(a_certificate_that_is_not_listed_is_accepted_until_the_file_lists_it)
{
    const auto identity = sandbox::issue(authority());
    const hostile_server server(identity, [](peer& client) {
        if (client.shake_hands() && !client.read_request().empty())
            client.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    });
    options.crl_file = written("crl.pem", sign(sandbox::make_authority("Somebody else"), {}) + sign(authority(), {}));
    BOOST_TEST(told(send(get(server.port()))) == "200 hello");

    written("crl.pem", sign(authority(), {.revoked = {identity}}));
    check_words(told(send(get(server.port()))), {"was revoked"});

    written("crl.pem", "half a fi");
    const auto answer = send(get(server.port()));
    BOOST_TEST((answer.error().code == errc::tls_failed));
    BOOST_TEST(!answer.error().may_have_been_carried_out);
    check_words(told(answer), {"crl_file " + options.crl_file + " holds no PEM revocation lists", "fetch it again"});
}

BOOST_AUTO_TEST_CASE(a_list_that_can_not_be_read_is_told_at_the_start)
{
    for (const auto& [path, words] :
         {std::pair{directory + "/nowhere.pem", "can't be read: No such file"},
          std::pair{options.ca_file, "holds no PEM revocation lists"}, std::pair{directory, "holds no PEM"}}) {
        options.crl_file = path;
        BOOST_CHECK_EXCEPTION(create_client(context.get_executor(), options), std::runtime_error, [&](const auto& why) {
            check_words(why.what(), {"crl_file " + path + ' ' + words});
            return true;
        });
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
