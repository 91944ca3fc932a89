// Answers that keep HTTP's rules in order to do harm: without end, drop by drop, or more of them than were asked for.
#include "tests/unit/http/hostile_answers.hpp"

#include <atomic>

namespace testdome_sync::http {
namespace {

using testing::hostile_server;
using testing::peer;
using namespace std::chrono_literals;

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_streams, hostile_http)

BOOST_AUTO_TEST_CASE(answers_without_end_end_at_the_limit)
{
    using enum errc;
    constexpr std::size_t limit = 300'000, flood = 100'000; // times 16 KB: 1.6 GB, if nobody stopped it
    const std::string block(16'384, 'x');
    std::atomic<std::size_t> written = 0;
    const auto endless = [&](const std::string& start, const std::string& again) {
        written = 0;
        return conducted(
            [&](peer& client) {
                if (client.write(start))
                    written = again.size() * client.write_again_and_again(again, flood);
            },
            limit);
    };
    const auto refused = [&](const std::string& what, const result<response>& answer, const std::string& words) {
        check_refused(what, answer, too_large, words);
        BOOST_TEST(written < 20'000'000U, what); // what the sockets' buffers take, but not more
    };
    const std::string body = "larger than 300000 bytes", header = "header is larger than 65536 bytes";
    refused("no length", endless("HTTP/1.1 200 OK\r\n\r\n", block), body);
    refused("a length", endless("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n", block), body);
    refused("chunks", endless(chunked(""), "4000\r\n" + block + "\r\n"), body);
    refused("headers", endless("HTTP/1.1 200 OK\r\n", "X-Name: " + std::string(1000, 'a') + "\r\n"), header);
    refused("one header", endless("HTTP/1.1 200 OK\r\nX-Name: ", block), header);
    refused("a chunk's extension", endless(chunked("5;x="), block), header);
    refused("trailers", endless(chunked("0\r\n"), "X-Name: " + std::string(1000, 'a') + "\r\n"), header);
}

BOOST_AUTO_TEST_CASE(an_answer_as_large_as_it_may_be_is_read)
{
    const std::string body(1'000'000, 'x');
    for (const auto& answer :
         {with_body("", body), chunked("f4240\r\n" + body + "\r\n0\r\n\r\n"), "HTTP/1.1 200 OK\r\n\r\n" + body,
          encoded("gzip", packed(body)), with_body("X-Name: " + std::string(60'000, 'a') + "\r\n", body)}) {
        const auto made = answered(answer);
        BOOST_REQUIRE_MESSAGE(made, told(made));
        BOOST_TEST((made->body == body));
    }
}

BOOST_AUTO_TEST_CASE(an_answer_that_drips_ends_at_the_deadline)
{
    using behaviour = std::function<void(peer&)>;
    const auto dripping = [](const std::string& start, const std::string& drop) -> behaviour {
        return [start, drop](peer& client) {
            if (!client.write(start))
                return;
            while (client.stay(5ms) && client.write(drop)) {
            }
        };
    };
    const behaviour silence = [](peer& client) { client.stay_until_the_client_closes(); };
    for (const auto& tried : {silence, dripping("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "x"),
                              dripping("HTTP/1.1 200 OK\r\nX: ", "x"), dripping(chunked(""), "1\r\nx\r\n")}) {
        const auto answer = conducted(tried, 1'000'000, 500ms);
        BOOST_REQUIRE(!answer);
        BOOST_TEST((answer.error().code == errc::timed_out), told(answer));
        BOOST_TEST(answer.error().may_have_been_carried_out);
        check_words(told(answer), {"no answer within"});
    }
}

BOOST_AUTO_TEST_CASE(a_second_answer_is_never_taken_for_the_answer_to_the_next_request)
{
    const std::string planted = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nplanted";
    const auto glued = [&](const std::string& what, const std::function<void(peer&)>& first_answer) {
        std::atomic<int> served = 0;
        std::atomic<bool> all_written = false;
        const hostile_server server(good(), [&](peer& client) {
            if (!client.shake_hands())
                return;
            while (!client.read_request().empty()) {
                if (served++ > 0)
                    client.write(hello);
                else
                    first_answer(client);
                all_written = true;
                all_written.notify_all();
            }
        });
        sender = create_client(context.get_executor(), options);
        const auto first = send(get(server.port()));
        BOOST_TEST(told(first).find("planted") == std::string::npos, what << ": " << told(first));
        all_written.wait(false);
        const auto second = send(get(server.port(), "/next"));
        BOOST_TEST(told(second) == "200 hello", what << ": " << told(second));
        BOOST_TEST(server.connections() == 2, what);
        sender.reset();
    };
    glued("in one record", [&](peer& client) { client.write(hello + planted); });
    glued("in two records of one packet", [&](peer& client) {
        // One TLS record each, and the socket has both before the client reads: the second stays within the TLS layer.
        client.write_at_once({hello, planted});
    });
    glued("half of it", [&](peer& client) { client.write_at_once({hello, planted.substr(0, 10)}); });
    glued("later", [&](peer& client) {
        client.write(hello);
        client.write(planted);
    });
    for (const std::string status : {"204 No Content", "304 Not Modified"})
        glued("as the body of " + status, [&](peer& client) {
            client.write("HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(planted.size()) + "\r\n\r\n" +
                         planted);
        });
    glued("after a line feed more", [&](peer& client) { client.write_at_once({hello, "\r\n"}); });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
