#pragma once

#include "config/mapping.hpp"
#include "config/settings.hpp"
#include "sync/ledger.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

enum class severity {
    warning, ///< somebody should look at it by daylight
    critical ///< something does not work: nobody is invited, or no result arrives
};
std::string_view to_text(severity how_bad);

/// Every alarm there is.
inline constexpr std::array<std::string_view, 17> alarm_names{
    "poll_failing",
    "poll_overdue",
    "start_in_future",
    "access_denied",
    "credentials_expiring",
    "certificate_expiring",
    "empty_source",
    "frozen_cursor",
    "paused",
    "testdome_failing",
    "circuit_open",
    "cap_reached",
    "held",
    "unconfirmed",
    "write_backs_failed",
    "write_backs_held",
    "write_backs_unconfirmed",
};

/// Something that a person should know about. The names are fixed: monitoring rules and documentation rely on them.
struct alarm {
    std::string name;    ///< `poll_failing`, `testdome_failing` …; see docs/operations.md
    std::string mapping; ///< empty: it is not about one
    severity how_bad = severity::warning;
    std::optional<wall_time> since{};
    std::string text;   ///< what happened; without names and addresses
    std::string remedy; ///< what to do
};

/// `{"alarm","mapping","severity","since","text","remedy"}`
boost::json::object to_json(const alarm& shown);

/// Which alarms there are now, by what the ledger holds: the most serious first. Reads only.
std::vector<alarm> alarms_of(ledger& ledger, const config::settings& settings,
                             const std::vector<const config::mapping*>& mappings, wall_time now);

} // namespace testdome_sync::sync
