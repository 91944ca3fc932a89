#pragma once

#include <string>
#include <system_error>

namespace testdome_sync::sync {

/// Waits until a file's contents, or a folder's entries, have reached the disk (fsync(2)): a new or renamed file must
/// survive a power cut under its name.
std::error_code sync_to_disk(const std::string& path);

} // namespace testdome_sync::sync
