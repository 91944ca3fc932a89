#pragma once

#include "config/node.hpp"
#include "config/problems.hpp"
#include "connectors/examples/played_exchange.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::examples {

/// What became of one example.
struct example_report {
    std::string name;
    config::position where;
    config::problems found;              ///< empty: the preset does what the example says
    std::vector<played_exchange> played; ///< every request as it was sent, in order, repetitions included
};

struct preset_report {
    std::string preset; ///< path
    std::vector<example_report> examples;
    config::problems not_shown; ///< parts of the preset that no example exercises
    bool well() const;
};

/// `acme.examples.yaml` for `acme.yaml`, in the same folder; and the other way round.
struct preset_paths {
    std::string preset;
    std::string examples;
};
preset_paths paths_of(const std::string& preset_or_examples);

/// Runs every example of a preset. No network, no waiting. Nothing if a file can't be used: then `mistakes` says why.
std::optional<preset_report> test_preset(const preset_paths& paths, config::problems& mistakes);

/// The same for files that were read already.
std::optional<preset_report> test_preset(const preset_paths& paths, const config::node& preset,
                                         const config::node& examples, config::problems& mistakes);

} // namespace testdome_sync::examples
