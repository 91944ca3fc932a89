#pragma once

#include "sync/clock.hpp"

#include <algorithm>
#include <chrono>
#include <optional>

namespace testdome_sync::sync::relational {

// Times are stored as seconds since 1970 in UTC, 0 for "none": readable in any SQLite shell with
// datetime(x,'unixepoch'), and in PostgreSQL with to_timestamp(x).
inline long long stored(wall_time time)
{
    return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}
inline long long stored(const std::optional<wall_time>& time)
{
    return time ? stored(*time) : 0;
}
inline wall_time time_of(long long seconds)
{
    constexpr long long farthest = 9'000'000'000; // the year 2255: beyond 2262 nanoseconds can't be counted
    return wall_time{std::chrono::seconds{std::clamp(seconds, -farthest, farthest)}};
}
inline std::optional<wall_time> optional_time_of(long long seconds)
{
    return seconds == 0 ? std::nullopt : std::optional(time_of(seconds));
}

} // namespace testdome_sync::sync::relational
