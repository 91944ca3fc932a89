#pragma once

#include "config/settings.hpp"
#include "daemon/assembly.hpp"
#include "daemon/lock_file.hpp"
#include "sync/ledger.hpp"

#include <memory>

namespace testdome_sync::daemon {

/// A ledger that nobody but this process works with, or only machines that share the work.
struct working_ledger {
    std::unique_ptr<lock_file> lock; ///< of a file; null for one that several machines share, which has a lease
    std::unique_ptr<sync::ledger> ledger;
};

/// `access` is `write` or `share`. Throws `locked` or sync::ledger_held if another process works with it (`share`: one
/// that doesn't share it), and else what sync::open_ledger() throws.
working_ledger open_to_work(const config::ledger_settings& settings, sync::ledger_access access);

/// To be called before anything works with the ledger: if its tables were put back by something else than our
/// `restore`, that is noted in it and told.
void look_for_restoration(assembly& program);

} // namespace testdome_sync::daemon
