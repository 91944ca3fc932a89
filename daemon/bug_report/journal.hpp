#pragma once

#include <string>
#include <vector>

namespace testdome_sync::bug_report {

/// One line of the journal, unmasked.
struct journal_line {
    std::string time;  ///< 2026-11-25T14:00:00Z
    std::string level; ///< syslog's number
    std::string event; ///< `TDS_EVENT`; empty: written by systemd, or by what the program was before it had a log
    std::string mapping;
    std::string application;
    std::string assessment;
    std::string text;
};

/// The newest lines of this program and of its unit, oldest first; none where there is no journal, or none that this
/// user may read.
std::vector<journal_line> last_journal_lines(std::size_t limit);

} // namespace testdome_sync::bug_report
