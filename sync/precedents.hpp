#pragma once

#include "sync/environment.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// What is to be done with a planned assessment, once ledger and TestDome have been asked about the person.
struct precedent {
    enum class kind {
        none,      ///< invite
        wait,      ///< another assessment of this person and test is on its way: decide when that one is known
        reuse,     ///< another application's assessment counts for this one too
        adopt,     ///< invited at TestDome by somebody else: follow that
        forgotten, ///< was invited before, and nobody knows any more what came of it: a person decides
    } found = kind::none;
    std::optional<assessment> earlier{}; ///< with reuse; with wait, only if that one itself waits for a person
    std::optional<candidate> existing{}; ///< with adopt
    std::int64_t newest_candidate = 0;   ///< the person's highest candidate id of the test, as far as seen
};

/// Has this person had this test before, and does that count (`repeat: reuse | after 180d | always`)? The ledger is
/// asked first: it also knows people whose address TestDome has anonymized. `candidates` are TestDome's of that test
/// and address.
///
/// `may_be_ours`: an invitation that the ledger doesn't know may be this assessment's own (see may_be_done_already).
precedent find_precedent(environment& world, const assessment& planned, const config::repeat_settings& repeat,
                         const std::vector<candidate>& candidates, bool may_be_ours = false);

/// The candidate that our own invitation made: unfinished or not, newer than what was there before, and not followed by
/// another assessment.
std::optional<candidate> find_own_candidate(environment& world, const assessment& invited,
                                            const std::vector<candidate>& candidates);

} // namespace testdome_sync::sync
