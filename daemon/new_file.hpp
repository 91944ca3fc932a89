#pragma once

#include <string>

namespace testdome_sync::daemon {

/// Writes a file that must not be there yet. Throws std::runtime_error in words for people if it is, or can't be
/// written.
void write_new_file(const std::string& path, const std::string& text);

} // namespace testdome_sync::daemon
