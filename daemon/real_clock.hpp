#pragma once

#include "sync/clock.hpp"

#include <random>

namespace testdome_sync::daemon {

/// The machine's clocks. Sleeping costs one timer and no wake-up before its time.
class real_clock final : public sync::clock {
public:
    sync::monotonic_time now() const override { return std::chrono::steady_clock::now(); }
    sync::wall_time wall() const override { return std::chrono::system_clock::now(); }
    boost::asio::awaitable<void> sleep_until(sync::monotonic_time when) override;
};

/// The machine's own.
class real_random final : public sync::random_source {
public:
    double uniform() override { return std::uniform_real_distribution<double>(0, 1)(device_); }

private:
    std::random_device device_;
};

} // namespace testdome_sync::daemon
