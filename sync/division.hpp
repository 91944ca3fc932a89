#pragma once

#include "sync/shared_ledger.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

struct environment;

/// Parts that are done by one machine together, as their connectors have a credential, and so its budget, in common.
using bundle = std::vector<std::string>;

/// All parts of a configuration: TestDome's, and those of its mappings.
std::vector<bundle> bundles_of(const environment& world);

// The rules by which work is divided, the same at each machine. They are simple rather than fair: what nobody does is
// taken at once by whoever looks first; then one bundle after the other goes to who has at least two fewer. All change
// or read what the ledger has, and nothing else.

/// Takes whatever of `bundles` nobody does.
void take_free(ledger_division& division, std::int64_t self, const std::vector<bundle>& bundles);

/// To whom one of our own bundles should go; nothing if it should stay.
std::optional<std::int64_t> heir_of(const bundle& given, const ledger_division& division, std::int64_t self,
                                    const std::vector<bundle>& bundles);

/// The bundle of ours that should go next: a mapping's before TestDome's.
std::optional<bundle> find_bundle_to_give(const ledger_division& division, std::int64_t self,
                                          const std::vector<bundle>& bundles);

/// Makes somebody else do it, or nobody (0).
void assign(ledger_division& division, const bundle& given, std::int64_t to);

} // namespace testdome_sync::sync
