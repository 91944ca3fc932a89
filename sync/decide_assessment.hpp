#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/decisions.hpp"

namespace testdome_sync::sync {

/// One decision about one assessment, inside the caller's unit_of_work. A state that it can't be taken in changes
/// nothing, and the item says why and what to do instead.
decision_answer::item decide_assessment(environment& world, bookkeeper& books, const decision& wanted,
                                        assessment decided);

/// "approve by admin: the budget is granted", as a cause in the audit table.
std::string cause_of(const decision& taken);

} // namespace testdome_sync::sync
