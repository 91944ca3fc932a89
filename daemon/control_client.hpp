#pragma once

#include <chrono>
#include <string>

namespace testdome_sync::daemon {

/// Sends one line to the daemon's control socket and returns its answer, both without line ends. Blocks for at most
/// `limit`. Throws std::runtime_error with what to do when there is no answer.
std::string ask_daemon(const std::string& socket_path, const std::string& line, std::chrono::milliseconds limit);

} // namespace testdome_sync::daemon
