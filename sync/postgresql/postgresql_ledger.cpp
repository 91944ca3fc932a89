#include "sync/postgresql/clock.hpp"
#include "sync/postgresql/division.hpp"
#include "sync/postgresql/lease.hpp"
#include "sync/postgresql/session.hpp"
#include "sync/relational/copy.hpp"
#include "sync/relational/sql_ledger.hpp"
#include "sync/sqlite/session.hpp"

namespace testdome_sync::sync {
namespace postgresql {
namespace {

/// Which tables of which server these are. A dump that was put back has others; so has a server that was set back to an
/// earlier moment, or that follows the one before without all that it has had.
constexpr auto identity_of_tables =
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '-' || left(pg_walfile_name(pg_current_wal_lsn()), "
    "8) "
    "|| '-' || (SELECT oid FROM pg_database WHERE datname = current_database()) || '-' || 'facts'::regclass::oid";

constexpr auto identity = "database";

/// A request that is older has nobody who waits for its answer.
constexpr auto request_lasts_milliseconds = "30000";

class postgresql_ledger final : public relational::sql_ledger, public shared_ledger {
public:
    postgresql_ledger(const config::ledger_settings& settings, ledger_access access, std::unique_ptr<connection>&& sql)
        : postgresql_ledger(settings, access, *sql, std::move(sql))
    {
    }
    ~postgresql_ledger() override
    {
        if (writes_)
            lease_.release();
    }
    postgresql_ledger(const postgresql_ledger&) = delete;
    postgresql_ledger& operator=(const postgresql_ledger&) = delete;

    bool is_durable() const override { return writes_; }
    shared_ledger* shared() override { return this; }

    void begin() override
    {
        try {
            guard([&] { lease_.begin(); });
        } catch (...) {
            rollback();
            throw;
        }
    }
    void commit() override
    {
        guard([&] { lease_.commit(); });
    }
    void rollback() noexcept override
    {
        try {
            if (session_.is_usable())
                session_.run("ROLLBACK");
        } catch (const postgresql_error&) {
            // The server does it by itself when the connection is gone.
        }
    }

    void require_ownership() override
    {
        guard([&] { lease_.require(); });
    }

    std::int64_t number() const override { return lease_.number(); }
    void renew() override
    {
        guard([&] { lease_.renew(); });
    }
    std::optional<ledger_division> divide(const std::function<void(ledger_division&)>& change) override
    {
        return guard([&] { return lease_.divide(change); });
    }
    ledger_division division() override
    {
        return guard([&] { return read_division(statements_); });
    }

    std::vector<machine_request> take_requests() override
    {
        return guard([&] {
            std::vector<machine_request> taken;
            statements_.each<std::tuple<long long, std::string>>(
                "UPDATE requests SET taken = 1 WHERE taken = 0 AND asked_at_milliseconds > " + now_milliseconds() +
                    " - " + request_lasts_milliseconds + " RETURNING id, request",
                [&](auto& row) {
                    taken.push_back({std::get<0>(row), std::move(std::get<1>(row))});
                });
            return taken;
        });
    }
    void answer(const machine_request& asked, const std::string& text) override
    {
        guard([&] {
            // Nobody came back for those that are left.
            statements_.run("DELETE FROM requests WHERE asked_at_milliseconds < " + now_milliseconds() + " - 10 * " +
                            request_lasts_milliseconds);
            statements_.run("UPDATE requests SET answer = :answer, request = '' WHERE id = :id", text, asked.id);
        });
    }

    bool is_restored() override
    {
        const auto before = find_fact(identity);
        return before.is_string() && before.get_string() != identity_;
    }
    void accept_restoration() override { save_fact(identity, boost::json::string(identity_)); }

private:
    postgresql_ledger(const config::ledger_settings& settings, ledger_access access, connection& session,
                      std::unique_ptr<connection>&& sql)
        : sql_ledger(std::move(sql)), settings_(settings), session_(session),
          lease_(session_, "ledger " + postgresql::shown(settings)), writes_(is_to_write(access))
    {
        if (!writes_)
            return;
        guard([&] { lease_.take(access == ledger_access::share ? company::shared : company::alone); });
        try {
            begin_work();
        } catch (...) {
            lease_.release();
            throw;
        }
    }

    [[noreturn]] void rethrow_explained() const override { postgresql::rethrow_explained(settings_); }

    void begin_work()
    {
        identity_ = guard([&] { return session_.run(identity_of_tables).value_or(""); });
        unit_of_work unit(*this);
        if (!find_fact(identity).is_string())
            accept_restoration();
        guard([&] { begin_counting(); });
        unit.commit();
    }

    config::ledger_settings settings_;
    connection& session_;
    lease lease_;
    bool writes_;
    std::string identity_;
};

std::unique_ptr<ledger> open_copy(connection& from)
{
    auto copy = std::make_unique<sqlite::connection>();
    sqlite::open_empty(*copy);
    from.run("BEGIN ISOLATION LEVEL REPEATABLE READ");
    if (has_ledger(from))
        relational::copy_tables(from, *copy);
    from.run("COMMIT");
    return sqlite::ledger_of(std::move(copy));
}

} // namespace
} // namespace postgresql

std::unique_ptr<ledger> open_postgresql_ledger(const config::ledger_settings& settings, ledger_access access)
{
    try {
        auto sql = postgresql::connect(settings, access);
        if (access == ledger_access::copy)
            return postgresql::open_copy(*sql);
        return std::make_unique<postgresql::postgresql_ledger>(settings, access, std::move(sql));
    } catch (...) {
        postgresql::rethrow_explained(settings);
    }
}

} // namespace testdome_sync::sync
