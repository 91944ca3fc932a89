#include "sync/relational/copy.hpp"
#include "sync/relational/sql_ledger.hpp"
#include "sync/sqlite/session.hpp"

namespace testdome_sync::sync {
namespace sqlite {
namespace {

/// The ledger in one SQLite file.
class sqlite_ledger final : public relational::sql_ledger {
public:
    sqlite_ledger(const std::string& path, ledger_access access, std::unique_ptr<connection>&& sql)
        : sqlite_ledger(path, access, *sql, std::move(sql))
    {
    }

    bool is_durable() const override { return owner_.has_value(); }

    void begin() override
    {
        guard([&] { statements_.run("BEGIN IMMEDIATE"); });
        try {
            require_ownership();
        } catch (...) {
            rollback();
            throw;
        }
    }

    void commit() override
    {
        guard([&] { statements_.run("COMMIT"); });
    }

    void rollback() noexcept override
    {
        try {
            statements_.run("ROLLBACK");
        } catch (const sqlite_error&) {
            // SQLite has rolled back by itself already, as it does when the disk is full.
        }
    }

    // A page of the file is joined with its neighbours only once less than a third of it is in use; rows that shrink
    // leave just more than that. Taken out and put back, they fill pages again, and the other pages are free.
    void close_up(std::vector<application_key> shrunken) override
    {
        if (shrunken.empty())
            return;
        guard([&] {
            statements_.run("PRAGMA defer_foreign_keys = ON"); // until this unit's end
            for (const auto& one : relational::tables()) {
                const bool is_applications = one.name == "applications";
                if (!is_applications && one.name != "assessments")
                    continue;
                const std::string id = is_applications ? "id" : "application_id";
                relational::taken_rows rows(one, "mapping = :mapping AND " + id + " = :id", sql_);
                for (const auto& key : shrunken)
                    rows.take({key.mapping, key.id});
                rows.put_back();
            }
        });
    }

private:
    sqlite_ledger(const std::string& path, ledger_access access, connection& sql, std::unique_ptr<connection>&& owned)
        : sql_ledger(std::move(owned)), sql_(sql), path_(path)
    {
        if (access == ledger_access::write)
            take_over();
    }

    [[noreturn]] void rethrow_explained() const override { sqlite::rethrow_explained(path_); }

    // Each process that writes takes the next number. Where the lock file didn't keep two apart (another machine, a
    // file system without locks), the earlier one finds the number changed and can commit nothing more.
    void take_over()
    {
        unit_of_work unit(*this);
        const auto before = find_fact("owner");
        const auto number = before.is_int64() ? before.as_int64() + 1 : 1;
        save_fact("owner", number);
        guard([&] { begin_counting(); });
        unit.commit();
        owner_ = number;
    }

    void require_ownership()
    {
        if (!owner_)
            return;
        const auto now = find_fact("owner");
        if (now.is_int64() && now.as_int64() == *owner_)
            return;
        throw ledger_error(
            "ledger " + path_ +
            " was taken over by another testdome-sync; this one sends nothing more. Let only one of them run");
    }

    connection& sql_;
    std::string path_;
    std::optional<std::int64_t> owner_; ///< this process's number, if it writes
};

std::unique_ptr<connection> opened(const std::string& path, ledger_access access)
{
    auto sql = std::make_unique<connection>();
    try {
        open(*sql, path, access);
    } catch (...) {
        rethrow_explained(path);
    }
    return sql;
}

} // namespace

std::unique_ptr<ledger> ledger_of(std::unique_ptr<connection> in_memory)
{
    return std::make_unique<sqlite_ledger>("in memory", ledger_access::copy, std::move(in_memory));
}

} // namespace sqlite

std::unique_ptr<ledger> open_sqlite_ledger(const std::string& path, ledger_access access)
{
    return std::make_unique<sqlite::sqlite_ledger>(path, access, sqlite::opened(path, access));
}

} // namespace testdome_sync::sync
