#pragma once

#include "sync/postgresql/connection.hpp"
#include "sync/shared_ledger.hpp"

#include <string>

namespace testdome_sync::sync::postgresql {

/// The lease on the ledger, in the table `leases`. Times are the server's. Calls throw postgresql_error, and
/// ledger_error once somebody else has it.
class lease {
public:
    lease(connection& sql, const std::string& subject) : sql_(sql), subject_(subject) {}

    /// Takes it if nobody has it; else throws ledger_held.
    void take();
    void renew();
    /// Gives it back, if it is still ours and the server can be told.
    void release() noexcept;

    // A unit of work under our number, which nobody can change meanwhile.
    void begin();
    void commit();

private:
    [[noreturn]] void lose();

    connection& sql_;
    std::string subject_;
    long long number_ = 0; ///< 0: it is not ours
};

ledger_holder holder_of(connection& sql);

} // namespace testdome_sync::sync::postgresql
