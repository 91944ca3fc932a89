#pragma once

#include "sync/environment.hpp"
#include "sync/failure.hpp"

#include <boost/json/value.hpp>

namespace testdome_sync::sync {

/// Tells a failure of TestDome once when it begins and once when it is over, and keeps it for `status`.
class testdome_health {
public:
    explicit testdome_health(environment& world) : world_(world) {}

    /// Of one look at everything. True if it was well.
    bool report(const result<void>& outcome);

    /// Another machine may have told another one meanwhile.
    void forget();

private:
    environment& world_;
    bool is_down_ = false;
    bool is_denied_ = false;   ///< since the last time that it answered well
    boost::json::value known_; ///< as the ledger has it; null: not told yet
};

} // namespace testdome_sync::sync
