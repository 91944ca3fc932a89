#pragma once

#include "connectors/http/transport.hpp"
#include "connectors/rest/description.hpp"
#include "connectors/rest/signing.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"
#include "sync/hr_connector.hpp"

#include <memory>

namespace testdome_sync::rest {

/// The connector of one mapping. The description's expressions must be compiled (config::jq_library) before. All
/// references must outlive the connector; one thread.
std::unique_ptr<sync::hr_connector> create_connector(description described, http::transport& network,
                                                     sync::clock& clock, sync::random_source& random,
                                                     sync::event_sink& events, const connector_access& access = {});

} // namespace testdome_sync::rest
