#pragma once

#include "connectors/catalog/fact_sheet.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::catalog {

/// What the program carries with it of a connector that is no preset: its folder's facts.yaml and example.yaml.
struct manual {
    std::string_view name;
    std::string_view facts;
    std::string_view example;
};

const std::vector<manual>& manuals();

/// The facts of that connector, with its example as starting mapping; nothing if there is no manual of it.
std::optional<fact_sheet> sheet_of_connector(std::string_view name, std::string_view summary);

} // namespace testdome_sync::catalog
