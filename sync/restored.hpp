#pragma once

#include "sync/environment.hpp"

#include <optional>

namespace testdome_sync::sync {

/// A ledger that was put back from a backup does not know what its successor has done since the backup was made.
struct restoration {
    wall_time at{};    ///< when it was put back
    wall_time until{}; ///< before this nobody is invited: what was sent last may not be listed yet
};

/// To be called once on a ledger that was put back, before anything else works with it. From then on nothing is sent
/// that may have been sent before: who was to be invited, and whose invitation was under way, is looked up at TestDome
/// first and for as long as an unconfirmed one; whoever applied before is adopted if TestDome has an invitation that
/// the ledger doesn't know, whatever `repeat:` says; what was still to be written back, and what is found to have
/// happened before, is asked for before it is written, or left to a person where it can't be asked for.
void mark_restored(environment& world);
/// The same inside the caller's unit of work.
void mark_restored_in_unit(environment& world);

/// Nothing for a ledger that never was.
std::optional<restoration> restoration_of(ledger& ledger);

/// Whether what is to be done or told about this assessment may have happened before the restoration.
bool happened_before(const restoration& restored, ledger& ledger, const assessment& about);

} // namespace testdome_sync::sync
