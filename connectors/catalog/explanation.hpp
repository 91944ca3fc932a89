#pragma once

#include "connectors/catalog/fact_sheet.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace testdome_sync::catalog {

/// What `connectors NAME` prints: everything a person needs to decide for a preset, and to set it up.
std::string explanation(const fact_sheet& sheet);

/// The same for machines.
boost::json::object to_json(const fact_sheet& sheet);

} // namespace testdome_sync::catalog
