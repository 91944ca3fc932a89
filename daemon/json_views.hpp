#pragma once

#include "daemon/configuration.hpp"
#include "sync/ledger.hpp"

#include <boost/json/object.hpp>

namespace testdome_sync::daemon {

// The JSON shapes that design.md promises: members may be added, never changed.

/// `status`
boost::json::object status_view(const checked_configuration& configuration, sync::ledger& ledger, sync::wall_time now);
/// One element of `list`
boost::json::object assessment_view(const sync::assessment& assessment, sync::ledger& ledger);
/// `show`: the same with `transitions`, `write_backs` and `decisions`
boost::json::object detailed_view(const sync::assessment& assessment, sync::ledger& ledger);
/// One element of `explain`
boost::json::object explanation_view(const sync::stored_application& application, sync::ledger& ledger);

} // namespace testdome_sync::daemon
