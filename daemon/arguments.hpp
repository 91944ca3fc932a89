#pragma once

#include "sync/assessment.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace testdome_sync::daemon {

// What is written on the command line, understood. Each throws std::runtime_error that says how it is written.

/// `--since`: a date or instant, or an age before now; nothing if it is empty.
std::optional<sync::wall_time> since_of(const std::string& text);

/// `90s`, `15m`, `2h`, `7d`.
std::chrono::seconds duration_of(const std::string& option, const std::string& text);

sync::assessment_state state_of(const std::string& text);

} // namespace testdome_sync::daemon
