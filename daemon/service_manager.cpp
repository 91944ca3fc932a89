#include "daemon/service_manager.hpp"

#include <systemd/sd-daemon.h>

#include <cstdint>

namespace testdome_sync::daemon {

void tell_ready(const std::string& status)
{
    ::sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
}

void tell_long_start(const std::string& status)
{
    constexpr std::chrono::microseconds patience = std::chrono::hours{1};
    ::sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(patience.count()) + "\nSTATUS=" + status).c_str());
}

void tell_reloading()
{
    const auto now = std::chrono::steady_clock::now().time_since_epoch(); // CLOCK_MONOTONIC
    const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    ::sd_notify(
        0,
        ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(microseconds) + "\nSTATUS=reading the configuration").c_str());
}

void tell_stopping()
{
    ::sd_notify(0, "STOPPING=1\nSTATUS=finishing the requests in flight");
}

void tell_watchdog()
{
    ::sd_notify(0, "WATCHDOG=1");
}

std::optional<std::chrono::microseconds> watchdog_interval()
{
    std::uint64_t limit = 0;
    if (::sd_watchdog_enabled(0, &limit) <= 0 || limit == 0)
        return std::nullopt;
    return std::chrono::microseconds(limit / 2);
}

} // namespace testdome_sync::daemon
