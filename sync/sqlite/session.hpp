#pragma once

#include "sync/ledger.hpp"
#include "sync/sqlite/connection.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace testdome_sync::sync::sqlite {

/// Opens the file as `access` says, with the settings that durability needs, and brings its schema up to date.
void open(connection& sql, const std::string& path, ledger_access access);

/// Copies the file's contents as they are at one moment, whoever works with it. Throws ledger_error if it is cut off or
/// can't be read.
void copy_into(connection& target, const std::string& path);

enum class thoroughness {
    by_size,    ///< everything of a ledger that is small, the structure of a larger one
    everything, ///< its indexes too, however long that takes
};
/// Throws ledger_error if SQLite finds damage.
void require_undamaged(connection& sql, const std::string& path, thoroughness how);

/// The text that an administrator needs for an SQLite error: what happened to which file, and what to do.
std::string explain(const sqlite_error& error, const std::string& path);

/// What to tell of damage that was found: in which file, and what to do.
std::string damage(const std::string& path, const std::string& finding);

/// Runs `work`, turning SQLite's errors, and values that can't be understood, into ledger_error.
template <class Work>
decltype(auto) guarded(const std::string& path, Work&& work)
{
    try {
        return std::forward<Work>(work)();
    } catch (const sqlite_error& error) {
        throw ledger_error(explain(error, path));
    } catch (const damaged_value& error) {
        throw ledger_error(damage(path, error.what()));
    } catch (const boost::system::system_error& error) { // JSON that is none
        throw ledger_error(damage(path, error.code().message()));
    } catch (const std::invalid_argument& error) { // JSON of another kind
        throw ledger_error(damage(path, error.what()));
    }
}

// Times are stored as seconds since 1970 in UTC, 0 for "none": readable in any SQLite shell with
// datetime(x,'unixepoch').
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

} // namespace testdome_sync::sync::sqlite
