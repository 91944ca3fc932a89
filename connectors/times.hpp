#pragma once

#include "sync/clock.hpp"

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::connectors {

/// How the HR system's filters want a time.
class time_format {
public:
    /// `iso` (2026-11-24T07:00:00Z), `iso_ms`, `iso_naive` (2026-11-24 07:00:00), `date`, `epoch_s`, `epoch_ms`, or a
    /// pattern of strftime such as `%a, %d %b %Y %H:%M:%S GMT`. Nothing if it is none of these.
    static std::optional<time_format> from(const std::string& text);

    /// `time` in that form. What tells no zone of its own (iso_naive, date, a pattern) is told in `zone`; where clocks
    /// are set back, the earlier of two readings, so that a filter leaves nobody out.
    boost::json::value write(sync::wall_time time, const std::string& zone) const;

private:
    enum class kind { iso, iso_ms, epoch_s, epoch_ms, pattern };
    kind kind_ = kind::iso_ms;
    std::string pattern_;
};

/// Whether the system's time zone database (IANA) has that zone, or it is an offset (`+01:00`, `-0330`); empty is UTC.
bool is_time_zone(const std::string& zone);
/// What a person is told of one that is none.
std::string unknown_time_zone(const std::string& shown);

/// Whether an ISO text tells its zone; a date alone doesn't.
bool tells_a_zone(std::string_view text);

/// ISO text, or epoch seconds or milliseconds (told apart by their size), or an object `{"time","time_zone"}`. A text
/// without a zone is a time of `zone`; of a time that comes twice there (clocks are set back), the earlier one.
std::optional<sync::wall_time> time_in(const boost::json::value& value, const std::string& zone = {});

} // namespace testdome_sync::connectors
