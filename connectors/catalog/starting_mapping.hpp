#pragma once

#include "connectors/catalog/fact_sheet.hpp"

#include <string>

namespace testdome_sync::catalog {

/// A commented mapping file to begin with. `check` accepts it as soon as the credentials that it names exist.
std::string starting_mapping(const fact_sheet& sheet);

} // namespace testdome_sync::catalog
