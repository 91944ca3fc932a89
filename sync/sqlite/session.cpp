#include "sync/sqlite/session.hpp"

#include "sync/sqlite/schema.hpp"

#include <filesystem>

namespace testdome_sync::sync::sqlite {
namespace {

using sqlite_api::sqlite3;

sqlite3* handle(soci::session& sql)
{
    return static_cast<soci::sqlite3_session_backend*>(sql.get_backend())->conn_;
}

void connect(soci::session& sql, const std::string& database)
{
    if (database.find('"') != std::string::npos)
        throw ledger_error("ledger " + database + ": a path with a double quote can't be used; choose another");
    sql.open(soci::sqlite3, "db=\"" + database + "\" timeout=10");
}

long long version_of(soci::session& sql)
{
    long long version = 0;
    sql << "PRAGMA user_version", soci::into(version);
    return version;
}

void require_undamaged(soci::session& sql, const std::string& path)
{
    std::string finding;
    sql << "PRAGMA quick_check(1)", soci::into(finding);
    if (finding != "ok")
        throw ledger_error("ledger " + path + " is damaged (" + finding +
                           "); nothing was sent. Restore a backup of the file, or move it away only if you accept that "
                           "people may be invited again");
}

void migrate(soci::session& sql)
{
    const auto steps = migrations();
    for (auto version = static_cast<std::size_t>(version_of(sql)); version < steps.size(); ++version) {
        sql << "BEGIN IMMEDIATE";
        try {
            for (const auto statement : steps[version].statements)
                sql << std::string(statement);
            sql << "PRAGMA user_version = " + std::to_string(version + 1);
            sql << "COMMIT";
        } catch (...) {
            sqlite_api::sqlite3_exec(handle(sql), "ROLLBACK", nullptr, nullptr, nullptr);
            throw;
        }
    }
}

void require_known_version(soci::session& sql, const std::string& path, ledger_access access)
{
    const auto version = version_of(sql);
    const auto newest = static_cast<long long>(migrations().size());
    if (version > newest)
        throw ledger_error("ledger " + path + " has schema " + std::to_string(version) + ", this program knows " +
                           std::to_string(newest) +
                           ": it was written by a newer testdome-sync; install that one again");
    if (access == ledger_access::read && version < newest)
        throw ledger_error("ledger " + path + " has schema " + std::to_string(version) +
                           ", older than this program's " + std::to_string(newest) +
                           ": start the service once, it brings the ledger up to date");
}

void copy_into(soci::session& target, const std::string& path)
{
    soci::session from;
    connect(from, path);
    auto* backup = sqlite_api::sqlite3_backup_init(handle(target), "main", handle(from), "main");
    const int outcome = backup ? sqlite_api::sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
    sqlite_api::sqlite3_backup_finish(backup);
    if (outcome != SQLITE_DONE)
        throw ledger_error("ledger " + path + " can't be read: " + sqlite_api::sqlite3_errmsg(handle(target)));
}

void open_copy(soci::session& sql, const std::string& path)
{
    connect(sql, ":memory:");
    if (std::filesystem::exists(path))
        copy_into(sql, path);
    require_known_version(sql, path, ledger_access::copy);
    migrate(sql);
}

} // namespace

void open(soci::session& sql, const std::string& path, ledger_access access)
{
    if (access == ledger_access::copy)
        return open_copy(sql, path);
    const auto exists = std::filesystem::exists(path);
    if (access == ledger_access::read && !exists)
        throw ledger_error("ledger " + path +
                           " does not exist yet: the service has not been started with this configuration");
    if (!exists && !std::filesystem::is_directory(std::filesystem::absolute(path).parent_path()))
        throw ledger_error("ledger " + path + " can't be made: its folder does not exist");
    connect(sql, path);
    std::string mode;
    if (access == ledger_access::write)
        sql << "PRAGMA journal_mode = WAL", soci::into(mode);
    sql << "PRAGMA synchronous = FULL";
    sql << "PRAGMA foreign_keys = ON";
    require_known_version(sql, path, access);
    if (access == ledger_access::read) {
        sql << "PRAGMA query_only = ON";
        return;
    }
    if (mode != "wal" && mode != "WAL")
        throw ledger_error("ledger " + path + " can't use a write-ahead log (journal mode " + mode +
                           "): is it on a network file system, or read-only?");
    require_undamaged(sql, path);
    migrate(sql);
}

std::string not_ours(const std::string& path, const std::string& what)
{
    return "ledger " + path + " holds something that this program has not written (" + what +
           "); nothing was sent. Restore a backup of the file";
}

std::string explain(const soci::sqlite3_soci_error& error, const std::string& path)
{
    const auto subject = "ledger " + path;
    switch (error.result() & 0xFF) {
    case SQLITE_FULL:
        return subject + " can't be written: the disk is full. Nothing was sent; make room and start again";
    case SQLITE_READONLY:
        return subject + " can't be written: the file or its folder is read-only. Nothing was sent; give the user "
                         "testdome-sync the right to write it";
    case SQLITE_CORRUPT: return subject + " is damaged. Nothing was sent; restore a backup of the file";
    case SQLITE_NOTADB:
        return subject +
               " is not an SQLite database, or is damaged at its start. Nothing was sent; restore a backup of the file";
    case SQLITE_IOERR:
        return subject + " can't be read or written (input/output error). Nothing was sent; check the disk";
    case SQLITE_CANTOPEN: return subject + " can't be opened; check that the folder exists and may be written";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return subject + " is locked by another program; stop that one first";
    case SQLITE_PERM:
    case SQLITE_AUTH: return subject + " can't be opened: permission denied";
    default: return subject + ": " + error.what();
    }
}

} // namespace testdome_sync::sync::sqlite
