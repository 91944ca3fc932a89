#pragma once

#include "connectors/csv/description.hpp"
#include "connectors/csv/file.hpp"
#include "sync/failure.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace testdome_sync::csv {

/// More exports than this in one folder are refused: somebody should put the old ones away.
inline constexpr std::size_t file_count_limit = 1000;

/// The exports that there are, the oldest first (by time of modification, then by name). What is being written under a
/// temporary name is none, nor is the outcome file. A failure if the file or folder isn't there or can't be read.
sync::result<std::vector<file_state>> list_exports(const description& described);

/// Names that programs give to what they are still writing, or don't show: `.x`, `~$x`, `x.part`, `x.tmp`, `x~` …
bool is_temporary_name(std::string_view name);

} // namespace testdome_sync::csv
