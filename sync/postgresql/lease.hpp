#pragma once

#include "sync/postgresql/connection.hpp"
#include "sync/relational/statements.hpp"
#include "sync/shared_ledger.hpp"

#include <functional>
#include <optional>
#include <string>

namespace testdome_sync::sync::postgresql {

enum class company { alone, shared };

/// This process's row among the machines that work with the ledger, and the lock under which all of them change it, one
/// after the other: the row `ledger` of the table `leases`, which also has the last machine's number. Times are the
/// server's. Calls throw postgresql_error, and ledger_lost once this process was struck off.
class lease {
public:
    lease(connection& sql, const std::string& subject) : sql_(sql), subject_(subject) {}

    /// Begins to work with the ledger; throws ledger_held if somebody is there who doesn't share it with us.
    void take(company with);
    void renew();
    /// Ends it, if it is still ours and the server can be told.
    void release() noexcept;
    std::int64_t number() const { return number_; } ///< 0: it was not taken

    // A unit of work under our number, which nobody can strike off meanwhile. Where another one's takes long, it waits
    // its turn.
    void begin();
    void commit();
    void require();

    /// What shared_ledger::divide() does.
    std::optional<ledger_division> divide(const std::function<void(ledger_division&)>& change);

private:
    [[noreturn]] void lose();
    bool lock(const std::string& patience);

    connection& sql_;
    relational::statements statements_{sql_}; ///< each is prepared once for all looks
    std::string subject_;
    std::int64_t number_ = 0;
};

} // namespace testdome_sync::sync::postgresql
