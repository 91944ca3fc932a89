#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/selector.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// What a candidate has changed, to be told once it is committed.
struct candidate_change {
    bool happened = false;
    std::optional<assessment> now{};       ///< if it is in another state, and the caller doesn't know why already
    std::vector<moved_assessment> moved{}; ///< others, by rules that ask for this result
};

/// Brings an assessment to where TestDome says that its candidate is, within a unit of work of the caller's. Does
/// nothing for a status that isn't known, and for what the ledger has already. `share_url` goes into the result if it
/// isn't empty.
candidate_change change_by_candidate(environment& world, bookkeeper& books, selector& selector, assessment& followed,
                                     const candidate& candidate, std::string_view cause,
                                     const std::string& share_url = {});
void tell_of(event_sink& events, const candidate_change& change);

/// The same as one unit of work, and told. True if something changed.
bool apply_candidate(environment& world, bookkeeper& books, selector& selector, assessment& followed,
                     const candidate& candidate, std::string_view cause);

/// What of an assessment is compared with its candidate.
followed_assessment followed_of(const assessment& whole);

/// Whether the candidate tells anything that the ledger doesn't have, or that must be noted down as looked at.
bool is_news(const followed_assessment& followed, const candidate& candidate);

/// The state that a candidate's status means; nothing for an unknown one.
std::optional<assessment_state> state_of(const candidate& candidate);

} // namespace testdome_sync::sync
