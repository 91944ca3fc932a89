#pragma once

#include "config/mapping.hpp"
#include "config/problems.hpp"

#include <vector>

namespace testdome_sync::catalog {

/// What an administrator should know of the actions that `write_back` uses, and that is no mistake: that one can't be
/// looked up nor repeated, and the action's own `caveat`. One for each action, where the file has it first, in the
/// file's order. `described` is what the connector reads: the preset with the mapping's own keys on top.
std::vector<config::problem> caveats_of(const config::mapping& mapping, const config::node& described);

} // namespace testdome_sync::catalog
