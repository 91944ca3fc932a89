#pragma once

#include "connectors/csv/description.hpp"
#include "connectors/surroundings.hpp"
#include "sync/hr_connector.hpp"

#include <memory>

namespace testdome_sync::csv {

/// The connector of one mapping: exports in, outcomes out. The description's expressions must be compiled before the
/// first call. `around` outlives the connector, which is used on its event loop only; files are read and written on a
/// thread of its own.
std::unique_ptr<sync::hr_connector> create_connector(description described, connectors::surroundings& around);

} // namespace testdome_sync::csv
