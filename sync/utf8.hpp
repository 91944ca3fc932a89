#pragma once

#include <cstddef>
#include <string_view>

namespace testdome_sync::sync {

/// How many bytes the first character of `text` has; 0 if it is no UTF-8 (RFC 3629, section 4), or `text` is empty.
std::size_t utf8_length(std::string_view text);

} // namespace testdome_sync::sync
