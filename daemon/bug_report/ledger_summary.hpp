#pragma once

#include "daemon/bug_report/redactor.hpp"
#include "sync/ledger.hpp"

#include <string>

namespace testdome_sync::bug_report {

/// From the file alone: also of one that can't be opened. The schema is that of the last checkpoint.
std::string ledger_file_text(const std::string& path);

/// Counts, and how the polls of each mapping have gone. Throws ledger_error.
std::string ledger_text(sync::ledger& ledger, sync::wall_time now, const redactor& hide);

/// Tells `hide` the name and the address of everybody in the ledger.
void hide_people(sync::ledger& ledger, sync::wall_time now, redactor& hide);

} // namespace testdome_sync::bug_report
