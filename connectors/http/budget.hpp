#pragma once

#include "connectors/http/service.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>

namespace testdome_sync::http {

/// What a service allows: so many requests at once, so many a second, and none at all before a given time. One thread.
class budget {
public:
    budget(sync::clock& clock, const service_options& options) : clock_(clock), options_(options) {}

    /// Waits for its turn, first come, first served. Throws operation_aborted when it is canceled; then nothing was
    /// taken.
    boost::asio::awaitable<void> enter();
    void leave();

    /// Corrects the budget by what the service's headers say of it.
    void learn(const response& answer);

    /// How long the next request would wait for the rate, not counting those in flight.
    std::chrono::nanoseconds wait_for_rate() const;

private:
    boost::asio::awaitable<void> wait_for_slot();
    void give_slot();

    sync::clock& clock_;
    const service_options& options_;
    std::size_t in_flight_ = 0;
    std::deque<boost::asio::steady_timer*> queue_; ///< timers that never run out: places to wait for a slot
    sync::monotonic_time next_free_{};             ///< when the token bucket is full again (virtual scheduling)
    sync::monotonic_time closed_until_{};
};

} // namespace testdome_sync::http
