#pragma once

#include "connectors/examples/rehearsal.hpp"

namespace testdome_sync::examples {

/// Adds a problem, at the preset's own line, for each part that no example has shown: actions, their repetition, the
/// check, members of `application`, a second page, the cursor, what signs a request in, and every jq expression that
/// was never evaluated (so that lists, joins, look-ups and names are covered as well).
void report_not_shown(const config::node& preset, const rest::description& described, const config::jq_library& library,
                      const shown_parts& shown, config::problems& found);

} // namespace testdome_sync::examples
