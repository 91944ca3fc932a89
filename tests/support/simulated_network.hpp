#pragma once

#include "connectors/http/transport.hpp"
#include "tests/sandbox/greenhouse_world.hpp"
#include "tests/sandbox/testdome_world.hpp"
#include "tests/support/virtual_time.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace testdome_sync::testing {

/// What the network does with one request.
enum class fault {
    none,
    refused,         ///< no connection: nothing left
    tls_broken,      ///< connected, but nobody can prove who answers: nothing left
    lost_request,    ///< written, but it never arrived
    lost_answer,     ///< carried out; the connection broke before the answer
    late_effect,     ///< the connection broke; carried out some seconds later
    no_answer,       ///< carried out; the answer never comes
    half_an_answer,  ///< carried out; the body is cut in the middle
    slow,            ///< carried out and answered just before the deadline
    delivered_twice, ///< a proxy repeats what may be repeated (RFC 9110, 9.2.2)
    server_error,    ///< carried out; answered 503 with a maintenance page
    html,            ///< not carried out; answered 200 with HTML
    too_many,        ///< not carried out; answered 429 with Retry-After
    unauthorized,    ///< not carried out; answered 401
};
inline constexpr std::array all_faults{
    fault::refused,   fault::tls_broken,     fault::lost_request, fault::lost_answer,     fault::late_effect,
    fault::no_answer, fault::half_an_answer, fault::slow,         fault::delivered_twice, fault::server_error,
    fault::html,      fault::too_many,       fault::unauthorized};
std::string_view to_text(fault what);

/// The simulated TestDome and Greenhouse behind a network that a test can disturb. What a request does there happens
/// whatever becomes of the program that sent it.
class simulated_network final : public http::transport {
public:
    simulated_network(sandbox::testdome_world& testdome, sandbox::greenhouse_world& greenhouse, virtual_clock& clock)
        : simulated_network(testdome, greenhouse, clock, clock)
    {
    }
    /// `world` is the servers' time, where the program's machine may stand still.
    simulated_network(sandbox::testdome_world& testdome, sandbox::greenhouse_world& greenhouse, virtual_clock& clock,
                      virtual_clock& world)
        : testdome_(testdome), greenhouse_(greenhouse), clock_(clock), world_(world)
    {
    }

    boost::asio::awaitable<http::result<http::response>> send(http::request order) override;

    /// Where both servers stand.
    static const std::string host;

    std::function<fault(const http::request&)> disturb; ///< asked for each request
    std::function<void(bool)> server_works;             ///< told before (true) and after a server's own work
    long count = 0;                                     ///< requests so far
    std::chrono::milliseconds latency{5};               ///< from the request to its answer

private:
    http::response answer(const http::request& order);

    sandbox::testdome_world& testdome_;
    sandbox::greenhouse_world& greenhouse_;
    virtual_clock& clock_;
    virtual_clock& world_;
};

} // namespace testdome_sync::testing
