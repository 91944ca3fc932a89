#pragma once

#include "connectors/exec/description.hpp"
#include "connectors/exec/program.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/hr_connector.hpp"

#include <memory>

namespace testdome_sync::exec {

/// The connector of one mapping. The description's expressions must be compiled (config::jq_library) before the first
/// call. All references must outlive the connector; one thread.
std::unique_ptr<sync::hr_connector> create_connector(description described, program_launcher& programs,
                                                     sync::clock& clock, sync::event_sink& events);

} // namespace testdome_sync::exec
