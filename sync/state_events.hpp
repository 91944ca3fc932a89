#pragma once

#include "sync/assessment.hpp"
#include "sync/events.hpp"

#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Fields that tell the log which assessment it is about.
std::vector<field> fields_of(const assessment& assessment);

/// A transition that is to be told once it is committed.
struct moved_assessment {
    assessment now;
    std::string why; ///< for `planned` and `canceled`, which don't keep their reason
};

/// Tells the log which state an assessment has reached, so that all events of an application are its whole story. To be
/// called once the transition is committed. `inviting` has no event of its own: what became of it has.
void tell_of_state(event_sink& events, const assessment& moved, std::string why = {});
void tell_of(event_sink& events, const std::vector<moved_assessment>& all);

} // namespace testdome_sync::sync
