#include "tests/support/simulated_network.hpp"

#include <memory>

namespace testdome_sync::testing {
namespace asio = boost::asio;

const std::string simulated_network::host = "https://sandbox.test";

namespace {

constexpr std::chrono::seconds lateness{20}; ///< of an effect whose connection broke

/// What becomes of one request at the server, if anything.
struct course {
    bool arrives = true;
    std::chrono::milliseconds takes{}; ///< from sending to the effect
    int times = 1;
};

/// What the client gets to see of it.
struct view {
    std::chrono::milliseconds after{};
    http::errc broken{}; ///< 0: there is an answer
    bool may_have_been_carried_out = false;
};

course course_of(fault what, const http::request& order, std::chrono::milliseconds latency)
{
    switch (what) {
    case fault::refused:
    case fault::tls_broken:
    case fault::lost_request:
    case fault::html:
    case fault::too_many:
    case fault::unauthorized: return {.arrives = false};
    case fault::late_effect: return {.takes = latency + lateness};
    case fault::slow: return {.takes = order.deadline - latency};
    case fault::delivered_twice: return {.takes = latency / 2, .times = order.method == "POST" ? 1 : 2};
    case fault::none:
    case fault::lost_answer:
    case fault::no_answer:
    case fault::half_an_answer:
    case fault::server_error: break;
    }
    return {.takes = latency / 2};
}

view view_of(fault what, const http::request& order, std::chrono::milliseconds latency)
{
    switch (what) {
    case fault::refused: return {latency, http::errc::connect_failed, false};
    case fault::tls_broken: return {latency, http::errc::tls_failed, false};
    case fault::lost_request:
    case fault::lost_answer:
    case fault::late_effect: return {latency, http::errc::receive_failed, true};
    case fault::no_answer: return {order.deadline, http::errc::timed_out, true};
    case fault::slow: return {order.deadline - latency / 2};
    case fault::none:
    case fault::half_an_answer:
    case fault::delivered_twice:
    case fault::server_error:
    case fault::html:
    case fault::too_many:
    case fault::unauthorized: break;
    }
    return {latency};
}

http::response spoiled(fault what, http::response made)
{
    switch (what) {
    case fault::half_an_answer: made.body.resize(made.body.size() / 2); break;
    case fault::server_error: return {503, {}, "<html>maintenance</html>"};
    case fault::html: return {200, {}, "<html>sign in</html>"};
    case fault::too_many:
        made = {429, {}, {}};
        made.headers.set("Retry-After", "7");
        break;
    case fault::unauthorized: return {401, {}, {}};
    case fault::none:
    case fault::refused:
    case fault::tls_broken:
    case fault::lost_request:
    case fault::lost_answer:
    case fault::late_effect:
    case fault::no_answer:
    case fault::slow:
    case fault::delivered_twice: break;
    }
    return made;
}

} // namespace

std::string_view to_text(fault what)
{
    switch (what) {
    case fault::none: return "none";
    case fault::refused: return "connect refused";
    case fault::tls_broken: return "TLS broken";
    case fault::lost_request: return "reset before the effect";
    case fault::lost_answer: return "reset after the effect";
    case fault::late_effect: return "effect after the reset";
    case fault::no_answer: return "no answer";
    case fault::half_an_answer: return "half an answer";
    case fault::slow: return "slow answer";
    case fault::delivered_twice: return "delivered twice";
    case fault::server_error: return "maintenance (503)";
    case fault::html: return "HTML instead of JSON";
    case fault::too_many: return "429";
    case fault::unauthorized: return "401";
    }
    return {};
}

http::response simulated_network::answer(const http::request& order)
{
    if (server_works)
        server_works(true);
    auto made = order.url.starts_with(host + "/testdome/") ? testdome_.answer(order, "/testdome")
                                                           : greenhouse_.answer(order, "/greenhouse");
    if (server_works)
        server_works(false);
    return made;
}

asio::awaitable<http::result<http::response>> simulated_network::send(http::request order)
{
    ++count;
    const auto happens = disturb ? disturb(order) : fault::none;
    const auto there = course_of(happens, order, latency);
    const auto here = view_of(happens, order, latency);
    const auto answered = std::make_shared<http::response>();
    const auto until = clock_.now() + here.after;
    if (there.arrives) {
        const auto delivered = std::make_shared<http::request>(std::move(order));
        for (int i = 0; i < there.times; ++i)
            world_.schedule(world_.now() + there.takes,
                            [this, delivered, answered] { *answered = answer(*delivered); });
    }
    co_await clock_.sleep_until(until);
    if (here.broken != http::errc{})
        co_return http::failure{here.broken, "simulated", here.may_have_been_carried_out};
    co_return spoiled(happens, std::move(*answered));
}

} // namespace testdome_sync::testing
