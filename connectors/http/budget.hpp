#pragma once

#include "connectors/http/service.hpp"
#include "connectors/http/spending.hpp"
#include "connectors/waiting_line.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace testdome_sync::http {

/// What a service allows: so many requests at once, so many a second, so many (or so much) in any period of some
/// length, and none at all before a given time. Several services may have one in common. One thread.
class budget {
public:
    budget(sync::clock& clock, const service_options& options);

    /// Waits for its turn, first come, first served; `leave()` follows. Takes `cost` of the credits. Where the wait for
    /// the rate would be longer than `patience`, nothing is waited for nor taken, and the wait is given; else zero.
    /// Throws operation_aborted when it is canceled; then nothing was taken.
    boost::asio::awaitable<std::chrono::nanoseconds> enter(double cost, std::chrono::seconds patience);
    void leave();

    /// Corrects the budget by what the service's headers say of it.
    void learn(const response& answer);

    /// How long until the budget is full again, as the answer's headers tell it; at most two minutes.
    std::optional<std::chrono::seconds> wait_until_reset(const response& answer) const;

    /// The smaller of each number counts from now on.
    void narrow(const service_options& options);

    /// How long the next request would wait for the rate, not counting those in flight.
    std::chrono::nanoseconds wait_for_rate(double cost = 1);

private:
    sync::clock& clock_;
    service_options options_;
    connectors::waiting_line line_;    ///< before the requests that are under way
    sync::monotonic_time next_free_{}; ///< when the token bucket is full again (virtual scheduling)
    sync::monotonic_time closed_until_{};
    spending requests_;
    spending credits_;
};

} // namespace testdome_sync::http
