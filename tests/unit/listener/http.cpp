#include "tests/support/small_world.hpp"
#include "tests/unit/listener/served.hpp"

#include <boost/test/unit_test.hpp>

#include <list>

namespace testdome_sync::listener {
namespace {

constexpr auto end = "Host: a\r\nConnection: close\r\n\r\n";

/// Limits so short that a test needn't wait, for clients that do nothing.
server_limits impatient()
{
    server_limits limits;
    limits.header = limits.body = limits.answer = limits.farewell = std::chrono::milliseconds{150};
    return limits;
}

int status_of(const std::string& answer)
{
    return answer.starts_with("HTTP/1.1 ") ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string request_with_body(std::size_t size)
{
    return "POST /x HTTP/1.1\r\nContent-Length: " + std::to_string(size) + "\r\n" + end + std::string(size, 'x');
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_over_sockets)

BOOST_AUTO_TEST_CASE(a_request_is_answered_with_all_that_http_asks_for)
{
    served one;
    const auto answer = one.answer_to(std::string("GET /metrics?x=%20 HTTP/1.1\r\n") + end);
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST(answer.ends_with("\r\n\r\nGET /metrics 0\n"), answer);
    BOOST_TEST(holds(answer, "Content-Length: 15\r\n"), answer);
    BOOST_TEST(holds(answer, "Date: "), answer);
    BOOST_TEST(holds(answer, "Connection: close\r\n"), answer);
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_and_what_is_sent_ahead_is_answered_in_turn)
{
    served one;
    const auto answers =
        one.answer_to("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                      "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /3 HTTP/1.1\r\n" +
                      std::string(end));
    const auto first = answers.find("GET /1 0\n"), second = answers.find("POST /2 3\n"),
               third = answers.find("GET /3 0\n");
    BOOST_TEST((first < second && second < third && third != std::string::npos), answers);
    BOOST_TEST(one.answer_to("GET / HTTP/1.0\r\n\r\n").ends_with("GET / 0\n")); // closed by itself
}

BOOST_AUTO_TEST_CASE(head_has_the_header_of_get_and_no_body)
{
    served one;
    const auto answer = one.answer_to(std::string("HEAD / HTTP/1.1\r\n") + end);
    BOOST_TEST(status_of(answer) == 200);
    BOOST_TEST(holds(answer, "Content-Length: 9\r\n"), answer);
    BOOST_TEST(answer.ends_with("\r\n\r\n"), answer);
}

BOOST_AUTO_TEST_CASE(each_wrong_request_has_its_status_and_ends_the_connection)
{
    served one;
    const std::string long_value(9000, 'x');
    for (const auto& [text, status] : std::vector<std::pair<std::string, int>>{
             {"GET / HTTP/1.1\r\n\r\n", 400},
             {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
             {std::string("GET * HTTP/1.1\r\n") + end, 400},
             {std::string("GET nothing HTTP/1.1\r\n") + end, 400},
             {std::string("CONNECT a:443 HTTP/1.1\r\n") + end, 400},
             {std::string("GET /a b HTTP/1.1\r\n") + end, 505}, // "b HTTP/1.1" is no version
             {std::string("GET /\x01 HTTP/1.1\r\n") + end, 400},
             {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
             {"GET / HTTP/1.1\r\nHost: a\r\nX: y\n z\r\n\r\n", 400},
             {std::string("\x16\x03\x01\x02\x00\x01", 6), 400},
             {"\r\n\r\n\r\n", 400},
             {std::string("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n") + end + "abc", 400},
             {std::string("POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n") + end + "abc", 400},
             {std::string("POST / HTTP/1.1\r\nContent-Length: -1\r\n") + end, 400},
             {std::string("POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n") + end, 400},
             {std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n") + end + "zz\r\n", 400},
             {std::string("POST / HTTP/1.1\r\nContent-Length: 65537\r\n") + end, 413},
             {std::string("POST / HTTP/1.1\r\nContent-Length: 18446744073709551615\r\n") + end, 413},
             {std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n") + end + "10001\r\n" +
                  std::string(65537, 'x'),
              413},
             {std::string("GET / HTTP/1.1\r\nX: ") + long_value + "\r\n" + end, 431},
             {"GET /" + long_value + " HTTP/1.1\r\n" + end, 431},
             {long_value, 431},
             {std::string("GET / HTTP/1.1\r\nExpect: the-best\r\n") + end, 417},
             {std::string("BREW / HTTP/1.1\r\n") + end, 501},
             {std::string("GET / HTTP/2.0\r\n") + end, 505}}) {
        const auto answer = one.answer_to(text);
        BOOST_TEST(status_of(answer) == status, text.substr(0, 80) << " is answered " << answer);
        BOOST_TEST(holds(answer, "Connection: close"), text.substr(0, 80));
    }
    BOOST_TEST(status_of(one.answer_to(std::string("GET http://a/x HTTP/1.1\r\n") + end)) == 200);
}

BOOST_AUTO_TEST_CASE(a_body_of_64_kib_is_taken_and_a_byte_more_is_not)
{
    served one;
    BOOST_TEST(one.answer_to(request_with_body(65536)).ends_with("POST /x 65536\n"));
    BOOST_TEST(status_of(one.answer_to(request_with_body(65537))) == 413);
    BOOST_TEST(status_of(one.answer_to(request_with_body(900'000))) == 413); // sees it though it is still sending
}

BOOST_AUTO_TEST_CASE(who_asks_before_sending_is_told_to_go_on)
{
    served one;
    caller client(one.endpoint());
    client.say(std::string("POST /x HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n") + end);
    BOOST_TEST(client.hear("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.say("abc");
    BOOST_TEST(client.hear().ends_with("POST /x 3\n"));
}

BOOST_AUTO_TEST_CASE(who_sends_half_and_waits_is_told_that_it_took_too_long)
{
    served one(served::loopback(), impatient());
    for (const std::string half : {"G", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nX",
                                   "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
                                   "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"})
        BOOST_TEST(status_of(one.answer_to(half)) == 408, half);
}

BOOST_AUTO_TEST_CASE(who_says_nothing_is_left_without_a_word)
{
    served one(served::loopback(), impatient());
    BOOST_TEST(one.answer_to("") == "");
    const auto kept = one.answer_to("GET / HTTP/1.1\r\nHost: a\r\n\r\n"); // and then nothing more
    BOOST_TEST(kept.ends_with("GET / 0\n"), kept);
}

BOOST_AUTO_TEST_CASE(a_drop_at_a_time_does_not_buy_more_time)
{
    served one(served::loopback(), impatient());
    caller slow(one.endpoint());
    std::thread drops([&] { // until the connection is closed; never ends by itself otherwise
        boost::system::error_code error;
        slow.say("GET / HTTP/1.1\r\n");
        while (!error) {
            slow.socket().write_some(boost::asio::buffer("X: y\r\n", 6), error);
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
    });
    BOOST_TEST(status_of(slow.hear()) == 408);
    drops.join();
}

BOOST_AUTO_TEST_CASE(who_does_not_take_the_answer_does_not_hold_up_the_others)
{
    served one(served::loopback(), impatient());
    one.padding = 16 * 1024 * 1024;
    caller stubborn(one.endpoint());
    stubborn.say(std::string("GET / HTTP/1.1\r\n") + end);
    BOOST_TEST(one.answer_to(std::string("HEAD / HTTP/1.1\r\n") + end).starts_with("HTTP/1.1 200"));
    while (true) { // until the answer to it has been given up, which frees its place
        std::size_t open = 1;
        one.on_loop([&] { open = one.server().connections(); });
        if (open == 0)
            break;
        std::this_thread::yield();
    }
    BOOST_TEST(stubborn.hear().size() < one.padding);
}

BOOST_AUTO_TEST_CASE(when_all_places_are_taken_the_one_that_keeps_us_waiting_makes_room)
{
    server_limits few;
    few.connections = 3;
    served one(served::loopback(), few);
    std::list<caller> idle;
    for (int i = 0; i < 3; ++i)
        idle.emplace_back(one.endpoint()).say("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(status_of(one.answer_to(std::string("GET / HTTP/1.1\r\n") + end)) == 200);
    BOOST_TEST(idle.front().hear() == ""); // it was closed
    std::size_t open = 0;
    one.on_loop([&] { open = one.server().connections(); });
    BOOST_TEST(open <= 3U);
}

BOOST_AUTO_TEST_CASE(a_connection_ends_after_as_many_requests_as_it_may_carry)
{
    server_limits two;
    two.requests = 2;
    served one(served::loopback(), two);
    std::string three;
    for (int i = 0; i < 3; ++i)
        three += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const auto answers = one.answer_to(three);
    BOOST_TEST(holds(answers, "Connection: close"));
    BOOST_TEST(answers.find("GET / 0\n") != answers.rfind("GET / 0\n"));
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_takes_its_connections_along)
{
    served one;
    caller idle(one.endpoint()), half(one.endpoint());
    idle.say("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    idle.hear("GET / 0\n");
    half.say("POST / HTTP/1.1\r\n");
    one.stop();
    BOOST_TEST(idle.hear() == "");
    half.hear();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::listener
