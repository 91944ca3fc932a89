#pragma once

#include "daemon/commands.hpp"
#include "sync/ledger.hpp"

#include <chrono>
#include <string>

namespace testdome_sync::daemon {

// What is written on the command line, understood. Each throws std::runtime_error that says how it is written.

/// `90s`, `15m`, `2h`, `7d`.
std::chrono::seconds duration_of(const std::string& option, const std::string& text);

/// Which assessments `list` and `export` are asked for.
sync::assessment_filter filter_of(const list_options& wanted);

} // namespace testdome_sync::daemon
