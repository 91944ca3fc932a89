#pragma once

#include "sync/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>

namespace testdome_sync::sync {

/// Lets one loop sleep until a time, and others wake it earlier. One sleeper at a time; a nudge that comes while
/// nobody sleeps is remembered, so that none is lost. One thread.
class nudge {
public:
    explicit nudge(const boost::asio::any_io_executor& executor);
    ~nudge();

    void wake();

    /// Returns at `when`, or as soon as it is nudged. Cancellation: any; throws operation_aborted.
    boost::asio::awaitable<void> sleep_until(clock& clock, monotonic_time when);

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::sync
