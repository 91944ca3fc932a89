#pragma once

#include "config/mapping.hpp"
#include "config/problems.hpp"
#include "connectors/surroundings.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace testdome_sync::connectors {

/// A connector that is code; presets are descriptions for one of them (`rest`).
struct built_in_connector {
    std::string_view name;
    std::string_view summary;
    /// Reads what the mapping says for this connector. Every mistake is a problem; expressions are added to the
    /// mapping's library, which the caller compiles before the factory is called.
    std::optional<connector_factory> (*read)(const config::mapping& mapping, config::problems& found);
};

const std::vector<built_in_connector>& built_in_connectors();

/// Reads the mapping's own part of its connector, a preset or a built-in one. Nothing if there is a problem.
std::optional<connector_factory> read_connector(const config::mapping& mapping, config::problems& found);

} // namespace testdome_sync::connectors
