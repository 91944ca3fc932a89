#pragma once

#include "connectors/catalog/fact_sheet.hpp"

#include <string>
#include <vector>

namespace testdome_sync::catalog {

/// docs/connectors.md: a table of what each preset can do, and what else there is to know of each of them, and of the
/// connectors that are no presets.
std::string markdown(const std::vector<fact_sheet>& sheets, const std::vector<fact_sheet>& connectors);

} // namespace testdome_sync::catalog
