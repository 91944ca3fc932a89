#pragma once

#include "daemon/configuration.hpp"
#include "daemon/working_ledger.hpp"
#include "sync/events.hpp"

#include <optional>
#include <string>

namespace testdome_sync::daemon {

/// Opens the ledger that the configuration names. One that several machines share is waited for, as long as another
/// process works with it alone or it can't be reached: systemd and the log are told, the watchdog is fed, a reload
/// reads the files at `path` anew. Nothing if the process was asked to stop meanwhile. Throws whatever no waiting would
/// help.
std::optional<working_ledger> stand_by(const std::string& path, checked_configuration& configuration,
                                       sync::event_sink& events);

/// Tells what is wrong with the files, which are not in force.
void tell_invalid(const config::configuration_error& error, sync::event_sink& events);

} // namespace testdome_sync::daemon
