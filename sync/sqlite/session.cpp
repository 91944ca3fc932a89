#include "sync/sqlite/session.hpp"

#include "sync/events.hpp"
#include "sync/relational/statements.hpp"
#include "sync/sqlite/schema.hpp"

#include <boost/system/system_error.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace testdome_sync::sync::sqlite {
namespace {

/// The first column of the first row of what `text` answers.
template <class Value>
Value answer(connection& sql, const std::string& text)
{
    return relational::statements(sql).one<Value>(text);
}

void run(connection& sql, const std::string& text)
{
    relational::statements(sql).run(text);
}

long long version_of(connection& sql)
{
    return answer<long long>(sql, "PRAGMA user_version");
}

/// A ledger of up to so many pages of 4 KiB, two thousand applicants with all that belongs to them, is compared with
/// its indexes when it is opened: 15 ms. Of a larger one the structure is checked while it is at work (ledger_check).
/// Neither sees what became of a text or number that is in no index; `checksum` watches over those of an assessment.
constexpr long long pages_checked_fully = 1024;

/// A file that has lost its contents, by a restore onto a full disk for instance, is to SQLite a new database:
/// everybody would be forgotten. One that lacks a part of its last page is filled up with zeros. SQLite itself leaves
/// either only if it is interrupted, and then there is a journal or a log beside it.
void refuse_cut_off(const std::string& path)
{
    constexpr std::uintmax_t smallest_page = 512;
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw ledger_error("ledger " + path + " is a folder; name a file in \"ledger\"");
    const auto size = std::filesystem::file_size(path, error);
    if (error || std::filesystem::exists(path + "-journal", error) || std::filesystem::exists(path + "-wal", error))
        return;
    if (size == 0)
        throw ledger_error("ledger " + path +
                           " is empty: it has lost its contents. Nothing was sent; restore a backup of the file, or "
                           "remove it only if there has never been anything in it");
    if (size % smallest_page != 0)
        throw ledger_error(damage(path, "cut off after " + std::to_string(size) + " bytes"));
}

/// It holds tokens and addresses: what an earlier version, or a copy, left readable to others is closed.
void close_to_others(const std::string& path)
{
    namespace fs = std::filesystem;
    constexpr auto others = fs::perms::group_all | fs::perms::others_all;
    for (const auto* part : {"", "-wal", "-shm"}) {
        std::error_code error;
        const auto mode = fs::status(path + part, error).permissions();
        if (!error && mode != fs::perms::unknown && (mode & others) != fs::perms::none)
            fs::permissions(path + part, others, fs::perm_options::remove, error);
    }
}

std::filesystem::path mark_of(const std::string& path)
{
    return path + "-damaged";
}

void remove_mark(const std::string& path)
{
    std::error_code ignored; // it only costs the next start time
    std::filesystem::remove(mark_of(path), ignored);
}

/// If making a ledger fails half way, nothing is in its file yet: the next attempt begins anew.
class new_file {
public:
    explicit new_file(const std::string& path, bool exists) : path_(exists ? "" : path) {}
    ~new_file()
    {
        std::error_code ignored;
        if (!path_.empty() && !kept_ && std::filesystem::file_size(path_, ignored) == 0)
            std::filesystem::remove(path_, ignored);
    }
    new_file(const new_file&) = delete;
    new_file& operator=(const new_file&) = delete;
    void keep() { kept_ = true; }

private:
    std::string path_;
    bool kept_ = false;
};

void migrate(connection& sql)
{
    const auto steps = migrations();
    for (auto version = static_cast<std::size_t>(version_of(sql)); version < steps.size(); ++version) {
        run(sql, "BEGIN IMMEDIATE");
        try {
            for (const auto text : steps[version].statements)
                run(sql, std::string(text));
            run(sql, "PRAGMA user_version = " + std::to_string(version + 1));
            run(sql, "COMMIT");
        } catch (...) {
            sqlite3_exec(sql.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
            throw;
        }
    }
}

void require_known_version(connection& sql, const std::string& path, ledger_access access)
{
    const auto version = version_of(sql);
    const auto newest = static_cast<long long>(migrations().size());
    if (version < 0)
        throw ledger_error(damage(path, "its schema can't be " + std::to_string(version)));
    if (version > newest)
        throw ledger_error("ledger " + path + " has schema " + std::to_string(version) + ", this program knows " +
                           std::to_string(newest) +
                           ": it was written by a newer testdome-sync; install that one again");
    if (access == ledger_access::read && version < newest)
        throw ledger_error("ledger " + path + " has schema " + std::to_string(version) +
                           ", older than this program's " + std::to_string(newest) +
                           ": start the service once, it brings the ledger up to date");
}

void open_copy(connection& sql, const std::string& path)
{
    sql.open(":memory:");
    if (std::filesystem::exists(path))
        copy_into(sql, path);
    require_known_version(sql, path, ledger_access::copy);
    migrate(sql);
}

} // namespace

void open_empty(connection& sql)
{
    sql.open(":memory:");
    migrate(sql);
}

void copy_into(connection& target, const std::string& path)
{
    refuse_cut_off(path);
    connection from;
    from.open(path);
    auto* backup = sqlite3_backup_init(target.handle(), "main", from.handle(), "main");
    const int outcome = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;
    sqlite3_backup_finish(backup);
    if (outcome != SQLITE_DONE)
        throw ledger_error("ledger " + path + " can't be read: " + sqlite3_errmsg(target.handle()) +
                           ". Check the disk, or restore a backup of the file");
}

bool is_small(connection& sql)
{
    return answer<long long>(sql, "PRAGMA page_count") <= pages_checked_fully;
}

void require_undamaged(connection& sql, const std::string& path, thoroughness how)
{
    const bool fully = how == thoroughness::everything;
    auto finding = answer<std::string>(sql, fully ? "PRAGMA integrity_check(1)" : "PRAGMA quick_check(1)");
    if (finding == "ok")
        return;
    if (finding.starts_with("***")) // a heading, and the finding in the next line
        finding.erase(0, finding.find('\n') + 1);
    throw ledger_error(damage(path, finding));
}

void mark_as_damaged(const std::string& path, const std::string& finding)
{
    std::ofstream(mark_of(path)) << finding << '\n';
}

bool is_marked_as_damaged(const std::string& path)
{
    std::error_code unknown;
    return std::filesystem::exists(mark_of(path), unknown);
}

void open(connection& sql, const std::string& path, ledger_access access)
{
    if (access == ledger_access::copy)
        return open_copy(sql, path);
    const auto exists = std::filesystem::exists(path);
    if (access == ledger_access::read && !exists)
        throw ledger_error("ledger " + path +
                           " does not exist yet: the service has not been started with this configuration");
    if (!exists && !std::filesystem::is_directory(std::filesystem::absolute(path).parent_path()))
        throw ledger_error("ledger " + path + " can't be made: its folder does not exist");
    if (exists)
        refuse_cut_off(path);
    new_file made(path, exists);
    sql.open(path);
    run(sql, "PRAGMA cell_size_check = ON");
    std::string mode;
    if (access == ledger_access::write)
        mode = answer<std::string>(sql, "PRAGMA journal_mode = WAL");
    run(sql, "PRAGMA synchronous = FULL");
    run(sql, "PRAGMA foreign_keys = ON");
    require_known_version(sql, path, access);
    if (access == ledger_access::read) {
        run(sql, "PRAGMA query_only = ON");
        return;
    }
    if (mode != "wal" && mode != "WAL")
        throw ledger_error("ledger " + path + " can't use a write-ahead log (journal mode " + mode +
                           "): is it on a network file system, or read-only?");
    close_to_others(path);
    if (is_small(sql))
        require_undamaged(sql, path, thoroughness::everything);
    else if (is_marked_as_damaged(path))
        require_undamaged(sql, path, thoroughness::structure);
    remove_mark(path);
    const bool is_new = version_of(sql) == 0;
    migrate(sql);
    // From the first moment the tables are in the file itself: without them it can only be one that was never used.
    if (is_new)
        sqlite3_wal_checkpoint_v2(sql.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    made.keep();
}

std::string damage(const std::string& path, const std::string& finding)
{
    return "ledger " + path + " is damaged (" + printable(finding, 200) +
           "). Nothing more is sent; restore a backup of the file, or move it away only if you accept that people may "
           "be invited again";
}

std::string explain(const sqlite_error& error, const std::string& path)
{
    const auto subject = "ledger " + path;
    switch (error.code() & 0xFF) {
    case SQLITE_FULL:
        return subject + " can't be written: the disk is full. Nothing more is sent; make room and start again";
    case SQLITE_READONLY:
        return subject + " can't be written: the file or its folder is read-only, or the file is damaged at its start. "
                         "Nothing more is sent; give the user "
                         "testdome-sync the right to write it, or restore a backup";
    case SQLITE_CORRUPT: return damage(path, error.what());
    case SQLITE_NOTADB:
        return subject + " is not an SQLite database, or is damaged at its start. Nothing more is sent; restore a "
                         "backup of the file";
    case SQLITE_IOERR:
        return subject + " can't be read or written (input/output error). Nothing more is sent; check that the disk is "
                         "well and has room, then start again";
    case SQLITE_CANTOPEN:
        return subject + " can't be opened, or its -wal or -shm beside it; check that the folder exists and may be "
                         "written, and that these are files";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return subject + " is locked by another program; stop that one first";
    case SQLITE_PERM:
    case SQLITE_AUTH: return subject + " can't be opened: permission denied";
    default:
        return subject + ": " + printable(error.what(), 200) +
               ". Nothing more is sent; if the file was changed by anything else than testdome-sync, restore a backup";
    }
}

void rethrow_explained(const std::string& path)
{
    try {
        throw;
    } catch (const sqlite_error& error) {
        throw ledger_error(explain(error, path));
    } catch (const relational::damaged_value& error) {
        throw ledger_error(damage(path, error.what()));
    } catch (const boost::system::system_error& error) { // JSON that is none
        throw ledger_error(damage(path, error.code().message()));
    } catch (const std::invalid_argument& error) { // JSON of another kind
        throw ledger_error(damage(path, error.what()));
    }
}

} // namespace testdome_sync::sync::sqlite
