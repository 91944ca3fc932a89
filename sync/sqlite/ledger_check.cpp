#include "sync/ledger_check.hpp"

#include "sync/ledger.hpp"
#include "sync/sqlite/session.hpp"

#include <sqlite3.h>

namespace testdome_sync::sync {

struct ledger_check::implementation {
    std::string path;
    sqlite::connection sql;
};

ledger_check::ledger_check(const std::string& path) : implementation_(std::make_unique<implementation>())
{
    implementation_->path = path;
    try {
        sqlite::open(implementation_->sql, path, ledger_access::read);
    } catch (...) {
        sqlite::rethrow_explained(path);
    }
}

ledger_check::~ledger_check() = default;

bool ledger_check::is_needed() const
{
    return !sqlite::is_small(implementation_->sql);
}

void ledger_check::run()
{
    try {
        sqlite::require_undamaged(implementation_->sql, implementation_->path, sqlite::thoroughness::structure);
    } catch (const sqlite::sqlite_error& error) {
        if ((error.code() & 0xFF) != SQLITE_INTERRUPT)
            sqlite::rethrow_explained(implementation_->path);
    } catch (const ledger_error&) {
        throw;
    } catch (...) {
        sqlite::rethrow_explained(implementation_->path);
    }
}

void ledger_check::interrupt() noexcept
{
    sqlite3_interrupt(implementation_->sql.handle());
}

} // namespace testdome_sync::sync
