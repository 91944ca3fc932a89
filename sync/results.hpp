#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/intake.hpp"

#include <string_view>

namespace testdome_sync::sync {

/// Brings an assessment to where TestDome says that its candidate is: one unit of work, then the log. Does nothing for
/// a status that isn't known, and for what the ledger has already. `share_url` goes into the result if it isn't empty.
/// True if something changed.
bool apply_candidate(environment& world, bookkeeper& books, intake& intake, assessment& followed,
                     const candidate& candidate, std::string_view cause, const std::string& share_url = {});

/// Whether the candidate tells anything that the ledger doesn't have, or that must be noted down as looked at.
bool is_news(const assessment& followed, const candidate& candidate);

/// The state that a candidate's status means; nothing for an unknown one.
std::optional<assessment_state> state_of(const candidate& candidate);

} // namespace testdome_sync::sync
