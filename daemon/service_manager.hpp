#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace testdome_sync::daemon {

/// What systemd is told (sd_notify(3)). Nothing happens when the program wasn't started by it.
void tell_ready(const std::string& status);
/// READY will take longer than usual, up to an hour: why.
void tell_long_start(const std::string& status);
/// `tell_ready` ends it. With the time that `Type=notify-reload` wants (sd_notify(3), MONOTONIC_USEC).
void tell_reloading();
void tell_stopping();
void tell_watchdog();

/// How often the watchdog wants to be fed: half of `WatchdogSec`; nothing if it is off.
std::optional<std::chrono::microseconds> watchdog_interval();

} // namespace testdome_sync::daemon
