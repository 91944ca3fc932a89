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
        const int kind = error.code() & 0xFF;
        if (kind == SQLITE_INTERRUPT)
            return;
        if (kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB)
            sqlite::mark_as_damaged(implementation_->path, sqlite::explain(error, implementation_->path));
        sqlite::rethrow_explained(implementation_->path);
    } catch (const ledger_error& damage) {
        sqlite::mark_as_damaged(implementation_->path, damage.what());
        throw;
    } catch (...) {
        sqlite::rethrow_explained(implementation_->path);
    }
}

bool ledger_check::has_found_damage(const std::string& path)
{
    return sqlite::is_marked_as_damaged(path);
}

void ledger_check::interrupt() noexcept
{
    sqlite3_interrupt(implementation_->sql.handle());
}

} // namespace testdome_sync::sync
