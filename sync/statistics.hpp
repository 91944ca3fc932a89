#pragma once

#include "sync/assessment.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Those who are held for one cause.
struct held_group {
    std::int64_t count = 0;
    wall_time oldest{}; ///< since when the first of them waits
};

/// How far the applications of one mapping have come. Each number is a part of the one before it.
struct mapping_statistics {
    std::int64_t applications = 0; ///< that the HR system has ever listed
    std::int64_t selected = 0;     ///< assessments: a rule wants a test for them
    std::int64_t invited = 0;      ///< ever, adopted ones included
    std::int64_t finished = 0;     ///< TestDome has a final result, or knows that there will be none
    /// Of these, nothing that was to be written to the HR system is missing. Of whom was erased, nothing is known to be
    /// missing.
    std::int64_t written_back = 0;
    std::map<hold_cause, held_group> held;
};

/// Counts only: no name, no address, no id.
struct ledger_statistics {
    std::map<std::string, mapping_statistics> mappings; ///< also those that are not configured any more
    /// How many invitations were paid for, or may have been, on each day (UTC) that had any; the last one is the
    /// newest.
    std::vector<std::pair<std::chrono::sys_days, std::int64_t>> invitations;
};

} // namespace testdome_sync::sync
