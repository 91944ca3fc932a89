#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>

namespace testdome_sync::sync {

using wall_time = std::chrono::system_clock::time_point;
using monotonic_time = std::chrono::steady_clock::time_point;

/// Both clocks and the only way to wait. Implemented on real time by the daemon, in virtual time by the simulation.
class clock {
public:
    virtual ~clock() = default;

    /// For waits and deadlines; never jumps. May be asked by work on another thread, as the only member.
    virtual monotonic_time now() const = 0;
    /// For people, stored times and other systems; may jump.
    virtual wall_time wall() const = 0;

    /// Waits until `now() >= when`. Cancellation: any; throws `system_error(operation_aborted)`.
    virtual boost::asio::awaitable<void> sleep_until(monotonic_time when) = 0;
};

/// Where jitter comes from; seeded in the simulation.
class random_source {
public:
    virtual ~random_source() = default;
    virtual double uniform() = 0; ///< in [0, 1)
};

} // namespace testdome_sync::sync
