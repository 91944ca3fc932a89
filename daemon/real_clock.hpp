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

/// Seeded by the machine.
class real_random final : public sync::random_source {
public:
    double uniform() override { return std::uniform_real_distribution<double>(0, 1)(engine_); }

private:
    std::minstd_rand engine_{std::random_device{}()};
};

} // namespace testdome_sync::daemon
