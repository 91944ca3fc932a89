#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace testdome_sync::config {

/// The text of one configuration file, kept so that a problem can quote the line it is about.
struct source {
    std::string name; ///< as the administrator wrote it or would: a path, never a URL
    std::string text; ///< UTF-8
    std::string_view
    line(std::uint32_t number) const; ///< without its line end; empty past the end; `number` starts at 1
};

/// Where something stands in a configuration file. Copied freely; keeps the source alive.
struct position {
    std::shared_ptr<const source> file;
    std::uint32_t line = 1;   ///< from 1
    std::uint32_t column = 1; ///< from 1, in bytes
    std::uint32_t length = 1; ///< bytes to underline, at least 1

    std::string text() const; ///< `file:line:column`
};

} // namespace testdome_sync::config
