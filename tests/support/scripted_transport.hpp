#pragma once

#include "connectors/http/transport.hpp"
#include "sync/clock.hpp"

#include <chrono>
#include <functional>
#include <utility>
#include <variant>
#include <vector>

namespace testdome_sync::testing {

/// A transport whose answers a test gives: a function from request to answer or failure. Records what was sent.
class scripted_transport final : public http::transport {
public:
    using answer = http::result<http::response>;
    using script = std::function<answer(const http::request&)>;

    /// `clock` is only needed for `delay`.
    explicit scripted_transport(script answers = {}, sync::clock* clock = nullptr)
        : answers_(std::move(answers)), clock_(clock)
    {
    }

    void on_request(script answers) { answers_ = std::move(answers); }

    boost::asio::awaitable<answer> send(http::request order) override
    {
        sent.push_back(order);
        if (clock_ && delay.count() > 0)
            co_await clock_->sleep_until(clock_->now() + delay);
        co_return answers_(order);
    }

    std::vector<http::request> sent;
    std::chrono::milliseconds delay{0}; ///< each answer takes this long on the clock

private:
    script answers_;
    sync::clock* clock_;
};

/// An answer with a JSON body.
inline http::response json_answer(int status, std::string body)
{
    http::response made;
    made.status = status;
    made.headers.set("Content-Type", "application/json");
    made.body = std::move(body);
    return made;
}

/// A failure as the network makes it.
inline http::failure network_failure(http::errc code, bool may_have_been_carried_out)
{
    return {code, "scripted failure", may_have_been_carried_out};
}

} // namespace testdome_sync::testing
