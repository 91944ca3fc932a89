#pragma once

#include "connectors/catalog/fact_sheet.hpp"

#include <string>
#include <vector>

namespace testdome_sync::catalog {

/// docs/connectors.md: a table of what each preset can do, and what else there is to know of each.
std::string markdown(const std::vector<fact_sheet>& sheets);

} // namespace testdome_sync::catalog
