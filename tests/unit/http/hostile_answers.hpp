#pragma once

#include "tests/support/hostile_server.hpp"
#include "tests/unit/http/trusting_client.hpp"

#include <functional>

#include <zlib.h>

namespace testdome_sync::http {

inline const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// 15 + 16: gzip; 15: zlib; -15: raw deflate (zlib's manual, deflateInit2).
inline std::string packed(const std::string& text, int window = 15 + 16)
{
    z_stream stream{};
    BOOST_REQUIRE(::deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string into(::deflateBound(&stream, static_cast<uLong>(text.size())) + 64, '\0');
    std::string input = text;
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(into.data());
    stream.avail_out = static_cast<uInt>(into.size());
    BOOST_REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
    into.resize(stream.total_out);
    ::deflateEnd(&stream);
    return into;
}

inline std::string with_body(const std::string& headers, const std::string& body)
{
    return "HTTP/1.1 200 OK\r\n" + headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

inline std::string chunked(const std::string& body)
{
    return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body;
}

inline std::string encoded(const std::string& encoding, const std::string& body)
{
    return with_body("Content-Encoding: " + encoding + "\r\n", body);
}

inline std::string repeated(const std::string& text, std::size_t times)
{
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

/// What the server writes to each request of a connection, and what has to become of it.
struct situation {
    std::string what;
    std::string answer;
    errc code;
    std::string words;
};
struct harmless {
    std::string what;
    std::string answer;
    std::string told;
};

struct hostile_http : trusting_client {
    /// One request, answered with these bytes; then the server ends the connection politely.
    result<response> answered(const std::string& bytes, std::size_t limit_bytes = 1'000'000)
    {
        return conducted([&](testing::peer& client) { client.write(bytes); }, limit_bytes);
    }

    result<response> conducted(const std::function<void(testing::peer&)>& answer, std::size_t limit_bytes = 1'000'000,
                               std::chrono::milliseconds deadline = std::chrono::seconds{5})
    {
        const testing::hostile_server server(good(), [&](testing::peer& client) {
            if (client.shake_hands() && !client.read_request().empty())
                answer(client);
        });
        sender.reset();
        auto order = get(server.port());
        order.answer_limit_bytes = limit_bytes;
        order.deadline = deadline;
        auto made = send(std::move(order));
        sender.reset(); // and with it the connection, so that the server ends
        return made;
    }

    static void check_refused(const std::string& what, const result<response>& answer, errc code,
                              const std::string& words)
    {
        BOOST_TEST_CONTEXT(what)
        {
            BOOST_REQUIRE_MESSAGE(!answer, "accepted: " << told(answer));
            BOOST_TEST((answer.error().code == code), answer.error().code.message());
            BOOST_TEST(answer.error().may_have_been_carried_out); // it was sent: who knows what the server did with it
            check_words(told(answer), {"GET https://localhost:", words});
            BOOST_TEST_MESSAGE(what << " → " << told(answer));
        }
    }

    void check(const std::vector<situation>& table)
    {
        for (const auto& row : table)
            check_refused(row.what, answered(row.answer), row.code, row.words);
    }

    void check(const std::vector<harmless>& table)
    {
        for (const auto& row : table)
            BOOST_TEST(told(answered(row.answer)) == row.told, row.what << ": " << told(answered(row.answer)));
    }
};

} // namespace testdome_sync::http
