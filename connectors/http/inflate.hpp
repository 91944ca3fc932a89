#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::http {

enum class inflate_outcome { done, damaged, too_large };

/// Undoes gzip (of several members, too) or zlib compression, whole: bytes that are missing or left over are damage.
/// Stops as soon as more than `limit_bytes` come out, so that a small answer can't fill the memory.
inflate_outcome inflate(std::string_view compressed, std::size_t limit_bytes, std::string& into);

} // namespace testdome_sync::http
