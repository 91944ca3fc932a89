#pragma once

#include "sync/assessment.hpp"
#include "tests/storm/disturbance.hpp"
#include "tests/support/forwarding_ledger.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::testing {

using disturbance_counts = std::array<std::int64_t, disturbance_count>;

/// From which state to which; the first is empty for what is new.
using edge = std::pair<std::string, std::string>;

/// The edges that design.md's life of an assessment has, and that enough seeds must have gone through.
const std::vector<edge>& required_edges();
/// All that may be gone through.
bool is_allowed(const edge& which);
/// False where the disturbance can't have happened since the transition before: it would have led elsewhere.
bool can_have_seen(const edge& which, disturbance what);

/// What happened in one life: which disturbances, which transitions of assessments, and which disturbances each
/// transition had seen since the one before it.
class chronicle {
public:
    void happened(disturbance what);
    void appeared(const std::string& application); ///< in the HR system
    void stored(const sync::assessment& changed);  ///< durably
    void may_be_stored(const sync::assessment& changed) { doubtful_[changed.id] = changed; }

    /// After a crash: everything that was stored must be there as it was.
    void compare(const std::vector<sync::assessment>& found);

    const disturbance_counts& disturbances() const { return counts_; }
    const std::map<edge, disturbance_counts>& transitions() const { return transitions_; }
    const std::vector<std::string>& complaints() const { return complaints_; }

private:
    disturbance_counts counts_{};
    std::map<std::string, disturbance_counts> at_appearance_;
    std::map<std::int64_t, disturbance_counts> at_transition_;
    std::map<std::int64_t, sync::assessment_state> known_;
    std::map<std::int64_t, sync::assessment> doubtful_;
    std::map<edge, disturbance_counts> transitions_;
    std::vector<std::string> complaints_;
};

/// Tells the chronicle of each transition that was committed.
class observed_ledger final : public forwarding_ledger {
public:
    observed_ledger(std::unique_ptr<sync::ledger> real, chronicle& events)
        : forwarding_ledger(std::move(real)), events_(events)
    {
    }
    void save(sync::assessment& changed, std::string_view cause, std::string_view correlation) override;
    using forwarding_ledger::save;
    void commit() override;
    void rollback() noexcept override;

private:
    chronicle& events_;
    std::vector<sync::assessment> changed_; ///< in this unit of work
};

} // namespace testdome_sync::testing
