#pragma once

#include "connectors/sql/description.hpp"
#include "connectors/surroundings.hpp"
#include "sync/hr_connector.hpp"

#include <memory>

namespace testdome_sync::sql {

/// The connector of one mapping. The description's expressions must be compiled (config::jq_library) before the first
/// call. `around` must outlive it; the event loop's thread only.
std::unique_ptr<sync::hr_connector> create_connector(description described, connectors::surroundings& around);

} // namespace testdome_sync::sql
