#include "sync/migrate_ledger.hpp"

#include "sync/ledger.hpp"
#include "sync/postgresql/lease.hpp"
#include "sync/postgresql/session.hpp"
#include "sync/relational/copy.hpp"
#include "sync/relational/counts.hpp"
#include "sync/sqlite/session.hpp"

namespace testdome_sync::sync {
namespace postgresql {
namespace {

void require_empty(connection& to, const std::string& subject)
{
    for (const auto& [table, rows] : relational::count_rows(to))
        if (rows > 0)
            throw ledger_error(subject + " holds a ledger already (" + std::to_string(rows) + " row(s) in " + table +
                               "); nothing was moved. Name an empty database");
}

/// The next id is one that no row has.
void go_on_numbering(connection& to)
{
    for (const auto& table : relational::tables()) {
        const std::string name(table.name);
        if (table.is_numbered)
            to.run("SELECT setval(pg_get_serial_sequence('" + name +
                   "', 'id'), coalesce(max(id), 0) + 1, false) FROM " + name);
    }
}

void require_same(const std::map<std::string, std::int64_t>& copied, connection& to, const std::string& subject)
{
    if (relational::count_rows(to) != copied)
        throw ledger_error(subject + " has not as many rows as the file; nothing was moved");
}

std::map<std::string, std::int64_t> copy(sqlite::connection& from, const config::ledger_settings& database)
{
    const auto subject = "ledger " + shown(database);
    const auto to = connect(database, ledger_access::write);
    lease held(*to, subject);
    held.take(company::alone);
    try {
        held.begin();
        require_empty(*to, subject);
        auto copied = relational::copy_tables(from, *to);
        go_on_numbering(*to);
        require_same(copied, *to, subject);
        relational::count_anew(*to);
        held.commit();
        held.release();
        return copied;
    } catch (...) {
        held.release(); // with it, what was not committed is taken back
        throw;
    }
}

} // namespace
} // namespace postgresql

std::map<std::string, std::int64_t> migrate_ledger(const std::string& file, const config::ledger_settings& database)
{
    // A copy that is up to date and undamaged; nothing writes to the file.
    sqlite::connection from;
    try {
        sqlite::open(from, file, ledger_access::copy);
    } catch (...) {
        sqlite::rethrow_explained(file);
    }
    try {
        return postgresql::copy(from, database);
    } catch (...) {
        postgresql::rethrow_explained(database);
    }
}

} // namespace testdome_sync::sync
