#pragma once

#include "connectors/http/transport.hpp"
#include "connectors/rest/description.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/hr_connector.hpp"

#include <memory>

namespace testdome_sync::rest {

/// The connector of one mapping. The description's expressions must be compiled (config::jq_library) before the first
/// call. All references must outlive the connector; one thread.
std::unique_ptr<sync::hr_connector> create_connector(description described, http::transport& network,
                                                     sync::clock& clock, sync::random_source& random,
                                                     sync::event_sink& events);

} // namespace testdome_sync::rest
