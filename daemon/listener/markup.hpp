#pragma once

#include "sync/clock.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::listener {

/// Text that means itself in HTML, between tags and in a quoted attribute.
std::string escaped(std::string_view text);

/// The same, with what stands between two backticks as code.
std::string prose_markup(std::string_view text);

/// `<time>` with minutes in UTC and how long ago or how soon that is; a dash for none.
std::string time_markup(const std::optional<sync::wall_time>& time, sync::wall_time now);

/// `12,345`
std::string count_markup(std::int64_t count);

/// A bar as long as `part` of `whole`. Says nothing that isn't written beside it, so a screen reader leaves it out.
std::string bar_markup(std::int64_t part, std::int64_t whole);

} // namespace testdome_sync::listener
