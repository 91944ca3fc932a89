#include "connectors/times.hpp"

#include "sync/application.hpp"

#include <date/tz.h>

#include <boost/json/object.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <stdexcept>

namespace testdome_sync::connectors {
namespace json = boost::json;
namespace {

using local_time = date::local_time<sync::wall_time::duration>;

/// Null for UTC, and for a zone that the database has lost since the configuration was read.
const date::time_zone* zone_named(const std::string& name)
{
    if (name.empty() || name == "UTC")
        return nullptr;
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

/// `+01:00` or `-0330`; nothing if it is another name.
std::optional<std::chrono::minutes> offset_in(const std::string& name)
{
    int hours = 0, minutes = 0, read = 0;
    char sign = 0;
    const bool long_form = std::sscanf(name.c_str(), "%c%2d:%2d%n", &sign, &hours, &minutes, &read) == 3;
    const bool short_form = !long_form && std::sscanf(name.c_str(), "%c%2d%2d%n", &sign, &hours, &minutes, &read) == 3;
    const bool whole = (long_form || short_form) && static_cast<std::size_t>(read) == name.size();
    if (!whole || (sign != '+' && sign != '-') || hours < 0 || hours > 14 || minutes < 0 || minutes > 59)
        return std::nullopt;
    const std::chrono::minutes offset{hours * 60 + minutes};
    return sign == '-' ? -offset : offset;
}

/// What a clock on the wall of that zone shows. In the hour that comes twice, the beginning of that hour: whoever asks
/// for what came later gets all of it.
local_time on_the_wall(sync::wall_time time, const std::string& name)
{
    const auto* zone = zone_named(name);
    if (!zone)
        return local_time{time.time_since_epoch() + offset_in(name).value_or(std::chrono::minutes{0})};
    const local_time shown = zone->to_local(time);
    const auto around = zone->get_info(shown);
    if (around.result != date::local_info::ambiguous)
        return shown;
    return local_time{around.first.end.time_since_epoch() + around.second.offset};
}

std::string written(local_time time, const std::string& pattern)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
    const std::time_t whole = seconds;
    std::tm parts{};
    ::gmtime_r(&whole, &parts);
    char text[128];
    return {text, std::strftime(text, sizeof text, pattern.c_str(), &parts)};
}

std::optional<sync::wall_time> time_from_text(std::string_view text, const std::string& name)
{
    const auto read = sync::time_from(text);
    if (!read || tells_a_zone(text))
        return read;
    const auto* zone = zone_named(name);
    if (!zone)
        return *read - offset_in(name).value_or(std::chrono::minutes{0});
    return zone->to_sys(local_time{read->time_since_epoch()}, date::choose::earliest);
}

} // namespace

bool tells_a_zone(std::string_view text)
{
    return text.size() > 10 && text.substr(10).find_first_of("Zz+-") != std::string_view::npos;
}

bool is_time_zone(const std::string& zone)
{
    return zone.empty() || zone == "UTC" || offset_in(zone) || zone_named(zone);
}

std::string unknown_time_zone(const std::string& shown)
{
    return "there is no time zone " + shown +
           " (names are those of the IANA database, such as Europe/Zagreb; or write an offset, +01:00)";
}

std::optional<time_format> time_format::from(const std::string& text)
{
    time_format made;
    if (text == "iso")
        made.kind_ = kind::iso;
    else if (text == "iso_ms")
        made.kind_ = kind::iso_ms;
    else if (text == "epoch_s")
        made.kind_ = kind::epoch_s;
    else if (text == "epoch_ms")
        made.kind_ = kind::epoch_ms;
    else {
        made.kind_ = kind::pattern;
        made.pattern_ = text == "iso_naive" ? "%Y-%m-%d %H:%M:%S" : text == "date" ? "%Y-%m-%d" : text;
        if (made.pattern_.find('%') == std::string::npos || made.pattern_.size() > 60)
            return std::nullopt;
    }
    return made;
}

json::value time_format::write(sync::wall_time time, const std::string& zone) const
{
    using namespace std::chrono;
    switch (kind_) {
    case kind::iso: return json::value(sync::to_text(time));
    case kind::iso_ms: {
        const auto fraction = duration_cast<milliseconds>(time - floor<seconds>(time)).count();
        char digits[16];
        std::snprintf(digits, sizeof digits, ".%03dZ", static_cast<int>(fraction));
        return json::value(sync::to_text(time).substr(0, 19) + digits);
    }
    case kind::epoch_s: return duration_cast<seconds>(time.time_since_epoch()).count();
    case kind::epoch_ms: return duration_cast<milliseconds>(time.time_since_epoch()).count();
    case kind::pattern: return json::value(written(on_the_wall(time, zone), pattern_));
    }
    return nullptr;
}

std::optional<sync::wall_time> time_in(const json::value& value, const std::string& zone)
{
    if (value.is_string())
        return time_from_text(value.get_string(), zone);
    if (const auto* object = value.if_object()) {
        const auto* time = object->if_contains("time");
        const auto* own = object->if_contains("time_zone");
        if (!time || time->is_object())
            return std::nullopt;
        return time_in(*time, own && own->is_string() ? std::string(own->get_string()) : zone);
    }
    if (!value.is_number())
        return std::nullopt;
    constexpr double smallest_milliseconds = 1e11; // as seconds, that would be the year 5138
    const auto number = value.to_number<double>();
    const auto milliseconds = number >= smallest_milliseconds ? number : number * 1000;
    constexpr double farthest = 9e12; // the year 2255: beyond 2262 nanoseconds can't be counted
    if (!(std::abs(milliseconds) <= farthest))
        return std::nullopt;
    return sync::wall_time{std::chrono::milliseconds{static_cast<long long>(milliseconds)}};
}

} // namespace testdome_sync::connectors
