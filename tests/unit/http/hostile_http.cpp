// Answers that break HTTP's rules, over real TLS as real servers send them.
#include "tests/unit/http/hostile_answers.hpp"

namespace testdome_sync::http {

BOOST_FIXTURE_TEST_SUITE(hostile_http_servers, hostile_http)

BOOST_AUTO_TEST_CASE(answers_with_two_ends_are_refused)
{
    using enum errc;
    const auto lengths = [](const std::string& headers) { return "HTTP/1.1 200 OK\r\n" + headers + "\r\nhello!"; };
    const std::string two_to_64 = "18446744073709551616";
    check(std::vector<situation>{
        {"two lengths", lengths("Content-Length: 5\r\nContent-Length: 6\r\n"), receive_failed,
         "multiple Content-Length"},
        {"two lengths in one", lengths("Content-Length: 5, 6\r\n"), receive_failed, "multiple Content-Length"},
        {"a negative length", lengths("Content-Length: -1\r\n"), receive_failed, "bad Content-Length"},
        {"a plus sign", lengths("Content-Length: +5\r\n"), receive_failed, "bad Content-Length"},
        {"a hexadecimal length", lengths("Content-Length: 0x5\r\n"), receive_failed, "bad Content-Length"},
        {"an empty length", lengths("Content-Length: \r\n"), receive_failed, "bad Content-Length"},
        {"2^64 bytes", lengths("Content-Length: " + two_to_64 + "\r\n"), receive_failed, "bad Content-Length"},
        {"2^63 bytes", lengths("Content-Length: 9223372036854775808\r\n"), too_large, "larger than 1000000 bytes"},
        {"length, then chunked", lengths("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), receive_failed,
         "not valid HTTP"},
        {"chunked, then length", lengths("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), receive_failed,
         "not valid HTTP"},
        {"chunked twice", lengths("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + "\r\n",
         receive_failed, ""},
        {"gzip, chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
         receive_failed, "transfer encoding that was not asked for"},
        {"chunked in disguise", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
         receive_failed, "transfer encoding that was not asked for"},
        {"half a body", with_body("", "hello").substr(0, 41), receive_failed, "broke off: partial message"},
        {"half a header", "HTTP/1.1 200 OK\r\nContent-Len", receive_failed, "broke off: partial message"},
        {"nothing", "", receive_failed, "broke off: "},
    });
    check(std::vector<harmless>{
        {"the same length twice", lengths("Content-Length: 6\r\nContent-Length: 6\r\n"), "200 hello!"},
    });
}

BOOST_AUTO_TEST_CASE(headers_that_break_the_rules_are_refused)
{
    using enum errc;
    const auto header = [](const std::string& line) { return with_body(line, "hello"); };
    check(std::vector<situation>{
        {"a space before the colon", header("X-Name : a\r\n"), receive_failed, "not valid HTTP (bad field)"},
        {"no colon", header("X-Name\r\n"), receive_failed, "not valid HTTP (bad field)"},
        {"no name", header(": a\r\n"), receive_failed, "not valid HTTP (bad field)"},
        {"a NUL in a name", header(std::string("X-Na\0me: a\r\n", 12)), receive_failed, "not valid HTTP (bad field)"},
        {"a NUL in a value", header(std::string("X-Name: a\0b\r\n", 13)), receive_failed, "not valid HTTP (bad value)"},
        {"a control byte in a value", header("X-Name: a\x1b[2J\r\n"), receive_failed, "not valid HTTP (bad value)"},
        {"a bare line feed", header("X-Name: a\nX-Other: b\r\n"), receive_failed, "not valid HTTP ("},
        {"a bare carriage return", header("X-Name: a\rX-Other: b\r\n"), receive_failed, "not valid HTTP ("},
        {"line feeds everywhere", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", receive_failed, ""},
        {"a line of 1 MB", header("X-Name: " + std::string(1'000'000, 'a') + "\r\n"), too_large,
         "header is larger than 65536 bytes"},
        {"100,000 fields", header(repeated("X-Name: a\r\n", 100'000)), too_large, "header is larger than 65536 bytes"},
        {"one name of 1 MB", header(std::string(1'000'000, 'a') + ": b\r\n"), too_large,
         "header is larger than 65536 bytes"},
        {"one status line of 1 MB", "HTTP/1.1 200 " + std::string(1'000'000, 'a') + "\r\n\r\n", too_large,
         "header is larger than 65536 bytes"},
    });
    check(std::vector<harmless>{
        {"a folded line", header("X-Name: a\r\n b\r\n"), "200 hello"},
    });
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_of_http_1_is_refused)
{
    using enum errc;
    check(std::vector<situation>{
        {"HTTP/0.9", "<html>hello</html>", receive_failed, "not valid HTTP (bad version)"},
        {"HTTP/2's settings", std::string("\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x64\0\4\0\1\0\0\0\2\0\0\0\0", 27),
         receive_failed, "not valid HTTP (bad version)"},
        {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", receive_failed, "not valid HTTP (bad version)"},
        {"HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (bad version)"},
        {"HTTP/3.0", "HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (bad version)"},
        {"SSH", "SSH-2.0-OpenSSH_9.2p1\r\n\r\n", receive_failed, "not valid HTTP (bad version)"},
        {"status 99", "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (status 99)"},
        {"status 000", "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (status 0)"},
        {"status 1000", "HTTP/1.1 1000 OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (bad status)"},
        {"status abc", "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (bad status)"},
        {"status -20", "HTTP/1.1 -20 OK\r\nContent-Length: 0\r\n\r\n", receive_failed, "not valid HTTP (bad status)"},
        {"10,000 times 100", repeated("HTTP/1.1 100 Continue\r\n\r\n", 10'000) + hello, receive_failed,
         "too many interim answers"},
        {"10,000 times 103", repeated("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", 10'000) + hello, receive_failed,
         "too many interim answers"},
        {"101", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n" + hello, receive_failed,
         "a protocol that was not asked for"},
    });
    check(std::vector<harmless>{
        {"100, then the answer", "HTTP/1.1 100 Continue\r\n\r\n" + hello, "200 hello"},
        {"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\nhello", "200 hello"},
        {"204 with a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", "204 "},
        {"304 with a body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello", "304 "},
        {"status 999 (taken for a failure of the server)", "HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n", "999 "},
    });
}

BOOST_AUTO_TEST_CASE(chunks_that_break_the_rules_are_refused)
{
    using enum errc;
    const std::string a_chunk = "5\r\nhello\r\n";
    check(std::vector<situation>{
        {"no number", chunked("zz\r\nhello\r\n0\r\n\r\n"), receive_failed, "not valid HTTP (bad chunk)"},
        {"a negative size", chunked("-5\r\nhello\r\n0\r\n\r\n"), receive_failed, "not valid HTTP (bad chunk)"},
        {"a size with 0x", chunked("0x5\r\nhello\r\n0\r\n\r\n"), receive_failed,
         "not valid HTTP (bad chunk extension)"},
        {"2^64", chunked("10000000000000000\r\nhello\r\n0\r\n\r\n"), receive_failed, "not valid HTTP (bad chunk)"},
        {"2^64 - 1", chunked("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"), too_large, "larger than 1000000 bytes"},
        {"a size that is too small", chunked("4\r\nhello\r\n0\r\n\r\n"), receive_failed, "not valid HTTP (bad chunk)"},
        {"a size that is too large", chunked("6\r\nhello\r\n0\r\n\r\n"), receive_failed, ""},
        {"no last chunk", chunked(a_chunk), receive_failed, "broke off: partial message"},
        {"half a last chunk", chunked(a_chunk + "0\r\n"), receive_failed, "broke off: partial message"},
        {"an extension of 1 MB", chunked("5;x=" + std::string(1'000'000, 'a') + "\r\nhello\r\n0\r\n\r\n"), too_large,
         "header is larger than 65536 bytes"},
        {"an extension that is none", chunked("5 hello\r\nhello\r\n0\r\n\r\n"), receive_failed, "bad chunk"},
        {"100,000 trailers", chunked(a_chunk + "0\r\n" + repeated("X-Name: a\r\n", 100'000) + "\r\n"), too_large,
         "header is larger than 65536 bytes"},
    });
    check(std::vector<harmless>{
        {"chunks with an extension and a trailer", chunked("5;x=y\r\nhello\r\n0\r\nX-Name: a\r\n\r\n"), "200 hello"},
    });
}

BOOST_AUTO_TEST_CASE(compressed_answers_are_unpacked_whole_or_not_at_all)
{
    using enum errc;
    const auto gzip = packed("hello");
    auto other_sum = gzip;
    other_sum[other_sum.size() - 8] ^= 1;
    auto other_length = gzip;
    other_length[other_length.size() - 4] ^= 1;
    const auto bomb = packed(std::string(50'000'000, ' '));
    const std::string damaged = "compression is damaged", not_asked_for = "encoding that was not asked for";
    check(std::vector<situation>{
        {"a bomb", encoded("gzip", bomb), too_large, "expands to more than 1000000 bytes"},
        {"a bomb in chunks",
         "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" +
             [&] {
                 std::string size(16, '\0');
                 size.resize(static_cast<std::size_t>(std::snprintf(size.data(), size.size(), "%zx", bomb.size())));
                 return size + "\r\n" + bomb + "\r\n0\r\n\r\n";
             }(),
         too_large, "expands to more than 1000000 bytes"},
        {"a bomb in a bomb", encoded("gzip, gzip", packed(bomb)), receive_failed, not_asked_for},
        {"a bomb of members", encoded("gzip", repeated(packed(std::string(100'000, ' ')), 100)), too_large,
         "expands to more than 1000000 bytes"},
        {"packed twice", with_body("Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n", packed(gzip)),
         receive_failed, not_asked_for},
        {"cut off", encoded("gzip", gzip.substr(0, gzip.size() - 1)), receive_failed, damaged},
        {"cut off in the middle", encoded("gzip", gzip.substr(0, 12)), receive_failed, damaged},
        {"a wrong sum", encoded("gzip", other_sum), receive_failed, damaged},
        {"a wrong length", encoded("gzip", other_length), receive_failed, damaged},
        {"garbage after it", encoded("gzip", gzip + "garbage"), receive_failed, damaged},
        {"one byte after it", encoded("gzip", gzip + "x"), receive_failed, damaged},
        {"half a second member", encoded("gzip", gzip + gzip.substr(0, 12)), receive_failed, damaged},
        {"not packed at all", encoded("gzip", "hello"), receive_failed, damaged},
        {"raw deflate", encoded("deflate", packed("hello", -15)), receive_failed, damaged},
        {"Brotli", encoded("br", "hello"), receive_failed, not_asked_for},
    });
    check(std::vector<harmless>{
        {"gzip", encoded("gzip", gzip), "200 hello"},
        {"gzip in other letters", encoded("GZip", gzip), "200 hello"},
        {"two members", encoded("gzip", gzip + packed(", you")), "200 hello, you"},
        {"zlib", encoded("deflate", packed("hello", 15)), "200 hello"},
        {"nothing, packed", encoded("gzip", packed("")), "200 "},
        {"nothing at all", encoded("gzip", ""), "200 "},
    });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
