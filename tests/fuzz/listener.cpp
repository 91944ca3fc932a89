#include "daemon/listener/http_server.hpp"
#include "daemon/listener/site.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/support/small_world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <chrono>

// What a stranger sends to the HTTP listener: the whole connection, as bytes, with the webhooks behind it.

namespace {

using namespace testdome_sync;
using namespace std::chrono_literals;
using fuzzing::promise;
namespace asio = boost::asio;
using unix_socket = asio::local::stream_protocol;

constexpr std::size_t fits_into_a_socket = 100'000;

/// One daemon for all inputs, as strangers find it: nothing that one of them says may change what the next one sees.
class listening_daemon {
public:
    listening_daemon()
    {
        where_.kind = config::listen_kind::unix_socket;
        where_.path = (world_.directory / "http.sock").string();
        listener::site_limits within;
        within.between_nudges = 0ms;
        site_ = std::make_unique<listener::site>(loop_.get_executor(), world_, world_.clock, "1.0", within);
        server_ = std::make_unique<listener::http_server>(loop_.get_executor(), where_,
                                                          [this](const listener::question& asked) {
                                                              ++questions;
                                                              auto made = site_->answer(asked);
                                                              was_accepted = was_accepted || made.status == 202;
                                                              return made;
                                                          });
    }

    /// Everything that is answered to somebody who sends this and nothing more.
    std::string answer_to(std::string_view sent)
    {
        world_.clock.advance(1min); // whoever was turned away before may try again
        world_.nudged.clear();
        questions = 0;
        was_accepted = false;
        unix_socket::socket client(loop_);
        client.connect(unix_socket::endpoint(where_.path));
        client.non_blocking(true);
        boost::system::error_code closed; // they may have heard enough before the end
        asio::write(client, asio::buffer(sent), closed);
        client.shutdown(unix_socket::socket::shutdown_send, closed);
        auto heard = everything_from(client);
        client.close(closed);
        const auto forgotten = [this] { return server_->connections() == 0; };
        promise(soon(forgotten), "who is gone is forgotten");
        return heard;
    }

    const std::vector<std::string>& nudged() const { return world_.nudged; }

    int questions = 0;
    bool was_accepted = false;

private:
    std::string everything_from(unix_socket::socket& client)
    {
        std::string heard;
        const auto all_was_heard = [&] {
            std::array<char, 4096> part{};
            boost::system::error_code error;
            const auto size = client.read_some(asio::buffer(part), error);
            heard.append(part.data(), size);
            return error && error != asio::error::would_block;
        };
        promise(soon(all_was_heard), "a connection that says no more is answered and closed", heard);
        return heard;
    }

    template <class Condition>
    bool soon(Condition holds)
    {
        const auto patience = std::chrono::steady_clock::now() + 10s;
        while (!holds()) {
            if (std::chrono::steady_clock::now() > patience)
                return false;
            loop_.restart();
            loop_.poll();
        }
        return true;
    }

    asio::io_context loop_{1};
    listener::small_world world_;
    config::listen_settings where_;
    std::unique_ptr<listener::site> site_;
    std::unique_ptr<listener::http_server> server_;
};

bool holds_in_any_case(std::string_view text, std::string_view word)
{
    const auto same = [](char one, char other) { return (one | 0x20) == (other | 0x20); };
    return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

void check_answer(std::string_view answer)
{
    if (answer.empty()) // nobody there to be told
        return;
    constexpr std::array known{"200", "202", "400", "403", "404", "405", "408",
                               "413", "417", "429", "431", "501", "503", "505"};
    promise(answer.starts_with("HTTP/1.1 ") && answer.size() > 12, "what is answered is HTTP", answer);
    const auto status = answer.substr(9, 3);
    const bool goes_on = status == "100";
    promise(goes_on || std::ranges::find(known, status) != known.end(), "the status is one that we give", status);
    promise(answer.find("\r\n\r\n") != std::string_view::npos, "an answer is whole", answer);
    for (const auto* secret : {"testdome-0123456789abcdef", "engineering-0123456789abcdef"})
        promise(answer.find(secret) == std::string_view::npos, "no secret is told, nor sent back", answer);
}

void check_nudges(const listening_daemon& daemon, std::string_view sent)
{
    promise(daemon.was_accepted || daemon.nudged().empty(), "nobody is nudged by what was refused");
    for (const auto& whom : daemon.nudged()) {
        const auto needed = whom == "TestDome"      ? "testdome-0123456789abcdef"
                            : whom == "engineering" ? "engineering-0123456789abcdef"
                                                    : "x-signature";
        promise(whom != "closed", "who has no webhook is not nudged");
        promise(holds_in_any_case(sent, needed), "nobody is nudged without the secret", whom);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static listening_daemon daemon;
    const auto sent = fuzzing::text_of(data, std::min(size, fits_into_a_socket));
    const auto answer = daemon.answer_to(sent);
    check_answer(answer);
    check_nudges(daemon, sent);
    return 0;
}
