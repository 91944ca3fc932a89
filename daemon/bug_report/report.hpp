#pragma once

#include "daemon/bug_report/journal.hpp"
#include "sync/clock.hpp"

#include <functional>
#include <string>
#include <vector>

namespace testdome_sync::bug_report {

/// What a report is made of.
struct report_sources {
    std::string configuration;         ///< the main file
    std::string credentials_directory; ///< where `!credential` may be found, to know what to hide; may be empty
    sync::wall_time now{};
    std::function<std::vector<journal_line>()> journal;
};

/// A text of some hundred lines about versions, configuration, ledger, alarms and log, without secrets, names and
/// addresses. Whatever can't be read is told in its place; never throws for it.
std::string report_text(const report_sources& of);

} // namespace testdome_sync::bug_report
