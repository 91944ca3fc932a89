#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::exec {

/// Cuts what a program writes into lines.
class lines {
public:
    explicit lines(std::size_t limit_bytes) : limit_(limit_bytes) {}

    void add(std::string_view bytes);

    /// The next whole line, without its newline; nothing if there is none yet. Valid until the next `add`.
    std::optional<std::string_view> next();

    /// Something has come that is no whole line.
    bool has_rest() const { return begin_ < text_.size(); }
    /// That rest, or the line that would be next, is longer than allowed.
    bool too_long() const;

private:
    std::size_t limit_;
    std::string text_;
    std::size_t begin_ = 0;    ///< of what has not been given
    std::size_t searched_ = 0; ///< no newline from there to this; never before `begin_`
};

} // namespace testdome_sync::exec
