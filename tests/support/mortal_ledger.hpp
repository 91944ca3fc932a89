#pragma once

#include "tests/support/forwarding_ledger.hpp"

#include <optional>

namespace testdome_sync::testing {

/// The process ends here: nothing more is stored.
struct killed : sync::ledger_error {
    killed() : ledger_error("killed") {}
};

/// A ledger whose process can be killed before or after any of its commits. Everything else is the real ledger's.
class mortal_ledger final : public forwarding_ledger {
public:
    using forwarding_ledger::forwarding_ledger;

    bool dead = false;
    long commits = 0;
    std::optional<long> die_before_commit; ///< the number of the commit that doesn't take place
    std::optional<long> die_after_commit;  ///< the number of the last one that does

    void begin() override
    {
        if (dead)
            throw killed();
        forwarding_ledger::begin();
    }
    void commit() override
    {
        ++commits;
        if (die_before_commit == commits) {
            dead = true;
            throw killed();
        }
        forwarding_ledger::commit();
        dead = dead || die_after_commit == commits;
    }
};

} // namespace testdome_sync::testing
