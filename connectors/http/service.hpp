#pragma once

#include "connectors/http/transport.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::http {

/// Adds what signs a request in.
class authorizer {
public:
    virtual ~authorizer() = default;
    /// Adds header or query parameter; may ask for a token first. Failures: `denied`, `not_sent`.
    virtual boost::asio::awaitable<sync::result<void>> sign(request& order) = 0;
    /// The service answered 401 to a request that was signed like this one. True if signing again may help (a token
    /// that can be renewed); false if it is final (a fixed key).
    virtual bool renew(const request& rejected) = 0;
};

/// Where a service says how much of its budget is left.
struct rate_headers {
    std::string remaining; ///< header name, e.g. `X-RateLimit-Remaining`; empty: not used
    std::string reset;     ///< header name, e.g. `X-RateLimit-Reset`
    enum class meaning { epoch_seconds, seconds_left } reset_is = meaning::epoch_seconds;
};

struct service_options {
    std::string name;           ///< for events and errors: `TestDome`, or the mapping's name
    std::size_t concurrent = 4; ///< requests at once
    double per_second = 10;     ///< token bucket, refilled evenly; its size is `burst`
    double burst = 10;
    double requests = 0; ///< at most so many in any period as long as `window`; 0: no such limit
    std::chrono::seconds window{1};
    double credits = 0; ///< the same for the sum of all requests' `cost`, in `credit_window`; 0: no limit
    std::chrono::seconds credit_window{86'400};
    std::chrono::seconds pause{0}; ///< after a 429 that does not say how long to wait
    rate_headers headers;
    int attempts = 5;                               ///< per call, the first included
    std::chrono::milliseconds first_backoff{1'000}; ///< doubled each time, capped, with full jitter
    std::chrono::milliseconds backoff_cap{60'000};
    std::chrono::seconds patience{180};     ///< a wait that would pass this ends the call instead (`retry_after` set)
    int breaker_threshold = 5;              ///< failed calls in a row that open the circuit breaker
    std::chrono::seconds breaker_pause{30}; ///< then nothing is sent for this long, doubled up to ten minutes
};

/// Whether a call may be repeated.
enum class effect {
    reads,   ///< repeated after any failure that may pass
    changes, ///< repeated only when it was certainly not carried out: nothing left, 401, 429
};

struct breaker_state {
    bool open = false;
    int failures_in_a_row = 0;
    std::optional<sync::monotonic_time> next_attempt{};
    std::string last_error;
};

/// What the caller makes of an answer, where it knows more than the status tells.
struct opinion {
    bool again = false; ///< nothing was carried out, and it will be another time; false: the caller takes the answer
    std::optional<std::chrono::seconds> wait{}; ///< again: this long, unless the answer itself says how long
    std::string words{};                        ///< again: what to tell of it, if it stays so
};
/// Nothing: the status tells.
using reading = std::function<std::optional<opinion>(const response& answer)>;

class budget;

/// One remote service with one credential: signs in, keeps to its budget, waits and repeats as it asks
/// (RFC 9110 §10.2.3 `Retry-After` in seconds or as a date), and stops asking while it is down.
class service {
public:
    /// All references must outlive the service. `signer` may be null. `allowance` is the budget that the service has in
    /// common with others; null: one of its own, as the options say.
    service(transport& network, sync::clock& clock, sync::random_source& random, sync::event_sink& events,
            std::shared_ptr<authorizer> signer, service_options options, std::shared_ptr<budget> allowance = nullptr);
    ~service();

    /// The answer, whatever its status, except those that are failures by themselves:
    /// - 401 after one renewal, 403 is **returned**; 401 → `denied`
    /// - 429 and (for `reads`) 408, 5xx and network errors when attempts or patience are used up → `not_sent` for 429
    /// and for
    ///   whatever certainly was not carried out, for `reads` always
    /// - for `changes`: 408, 5xx and network errors after a byte left → `outcome_unknown`
    /// - breaker open, or a budget whose next free moment is beyond `patience` → `not_sent` with `retry_after`
    /// `read`, if given, is asked about every answer but a 401 first.
    /// Events: `testdome.failed` / `testdome.recovered` are the caller's business; this emits `auth.failed` once.
    /// Cancellation: any; `not_sent` or `outcome_unknown`, truthfully.
    boost::asio::awaitable<sync::result<response>> call(request order, effect kind, reading read = {});

    breaker_state breaker() const;
    const service_options& options() const;

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

/// A failure for an answer that says no: 401/403 `denied`, 404/410 `not_found`, other 4xx `refused`, else `malformed`
/// for `reads` and `outcome_unknown` for `changes`. Detail: method, URL without query, status, and the printable start
/// of the message found in a JSON body (`message`, `error.message`, `errors[0].message`, `error_description`), or
/// "(HTML)". `words`, if given, are the service's own and stand in their place.
sync::failure failure_of(const request& sent, const response& answer, effect kind, const std::string& words = {});

} // namespace testdome_sync::http
