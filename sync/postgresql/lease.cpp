#include "sync/postgresql/lease.hpp"

#include "sync/application.hpp"
#include "sync/events.hpp"
#include "sync/ledger.hpp"
#include "sync/postgresql/clock.hpp"
#include "sync/postgresql/division.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace testdome_sync::sync::postgresql {
namespace {

/// A unit of work that reads a large HR system for the first time lasts some seconds; what all others wait for it
/// together must end long before systemd's watchdog (60 s) does. One turn is a `lock_timeout` of session.cpp: 2 s.
constexpr int turns = 15;

const std::string lease_end =
    now_milliseconds() + " + " + std::to_string(std::chrono::milliseconds{ledger_lease}.count());

std::string own_name()
{
    std::array<char, 256> host{};
    ::gethostname(host.data(), host.size() - 1);
    return std::string(host.data()) + " (process " + std::to_string(::getpid()) + ')';
}

bool is_locked_by_another(const postgresql_error& error)
{
    return error.state() == "55P03"; // lock_not_available: a unit of work of another one's is under way
}

/// Takes back what was not committed, whatever is thrown.
class transaction {
public:
    explicit transaction(connection& sql) : sql_(sql) {}
    ~transaction()
    {
        try {
            if (!committed_ && sql_.is_usable())
                sql_.run("ROLLBACK");
        } catch (const postgresql_error&) {
            // The server does it by itself when the connection is gone.
        }
    }
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    void commit()
    {
        sql_.run("COMMIT");
        committed_ = true;
    }

private:
    connection& sql_;
    bool committed_ = false;
};

} // namespace

/// Begins a transaction. False if another one's takes longer than that: then there is none.
bool lease::lock(const std::string& patience)
{
    try {
        sql_.run("BEGIN; SET LOCAL lock_timeout = '" + patience +
                 "'; SELECT number FROM leases WHERE name = 'ledger' FOR NO KEY UPDATE");
        return true;
    } catch (const postgresql_error& error) {
        if (!is_locked_by_another(error))
            throw;
        sql_.run("ROLLBACK");
        return false;
    }
}

void lease::take(company with)
{
    transaction all(sql_);
    const bool locked = lock("2s");
    if (locked)
        strike_off_silent(statements_);
    for (const auto& other : read_division(statements_).machines)
        if (other.is_alone || with == company::alone || !locked)
            throw ledger_held(printable(other.name) + " works with " + subject_ + " since " + to_text(other.since) +
                              "; nothing was done");
    if (!locked)
        throw ledger_held("another process works with " + subject_ + "; nothing was done");
    const auto number = statements_.one<long long>("UPDATE leases SET number = number + 1 WHERE name = 'ledger' "
                                                   "RETURNING number");
    statements_.run(
        "INSERT INTO machines(number, name, alone, can_do, since, until_milliseconds) VALUES(:number, :name, "
        ":alone, '', CAST(extract(epoch FROM clock_timestamp()) AS BIGINT), " +
            lease_end + ')',
        number, own_name(), with == company::alone ? 1 : 0);
    all.commit();
    number_ = number;
}

void lease::renew()
{
    const auto renewed = sql_.run("UPDATE machines SET until_milliseconds = " + lease_end +
                                  " WHERE number = " + std::to_string(number_) + " RETURNING number");
    if (!renewed)
        lose();
}

void lease::release() noexcept
{
    try {
        if (number_ == 0 || !sql_.is_usable())
            return;
        sql_.run("ROLLBACK");
        transaction all(sql_);
        if (!lock("2s"))
            return;
        strike_off(statements_, number_);
        all.commit();
    } catch (const postgresql_error&) {
        // It ends by itself.
    }
}

void lease::begin()
{
    const auto own = std::to_string(number_);
    for (int turn = 1;; ++turn) {
        try {
            const auto present = sql_.run("BEGIN; SELECT number FROM leases WHERE name = 'ledger' FOR NO KEY UPDATE; "
                                          "SELECT number FROM machines WHERE number = " +
                                          own);
            if (present != own)
                lose();
            return;
        } catch (const postgresql_error& error) {
            if (!is_locked_by_another(error) || turn == turns)
                throw;
            sql_.run("ROLLBACK");
            renew();
        }
    }
}

void lease::commit()
{
    sql_.run("UPDATE machines SET until_milliseconds = " + lease_end + " WHERE number = " + std::to_string(number_) +
             "; COMMIT");
}

void lease::require()
{
    if (sql_.run("SELECT number FROM machines WHERE number = " + std::to_string(number_)) != std::to_string(number_))
        lose();
}

std::optional<ledger_division> lease::divide(const std::function<void(ledger_division&)>& change)
{
    renew();
    transaction all(sql_);
    if (!lock("500ms"))
        return std::nullopt;
    strike_off_silent(statements_);
    const auto before = read_division(statements_);
    if (std::ranges::count(before.machines, number_, &ledger_machine::number) == 0)
        lose();
    auto changed = before;
    change(changed);
    write_division(statements_, before, changed);
    all.commit();
    return changed;
}

void lease::lose()
{
    throw ledger_lost(subject_ + " was taken over from this process, of which nothing was heard for " +
                      std::to_string(ledger_lease.count()) + " s; it sends nothing more");
}

} // namespace testdome_sync::sync::postgresql
