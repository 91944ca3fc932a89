#include "sync/postgresql/lease.hpp"

#include "sync/application.hpp"
#include "sync/events.hpp"
#include "sync/ledger.hpp"
#include "sync/postgresql/clock.hpp"
#include "sync/relational/statements.hpp"
#include "sync/relational/times.hpp"

#include <unistd.h>

#include <array>

namespace testdome_sync::sync::postgresql {
namespace {

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
    return error.state() == "55P03"; // lock_not_available: a unit of work of the holder's is under way
}

} // namespace

ledger_holder holder_of(connection& sql)
{
    using row = std::tuple<std::string, long long, long long>;
    const auto [name, since, is_present] = relational::statements(sql).one<row>(
        "SELECT holder, since, until_milliseconds > " + now_milliseconds() + " FROM leases WHERE name = 'ledger'");
    return {name, relational::time_of(since), is_present != 0};
}

void lease::take()
{
    long long number = 0;
    try {
        number = relational::statements(sql_).one<long long>(
            "UPDATE leases SET number = number + 1, holder = :holder, since = CAST(extract(epoch FROM "
            "clock_timestamp()) AS BIGINT), until_milliseconds = " +
                lease_end + " WHERE name = 'ledger' AND until_milliseconds <= " + now_milliseconds() +
                " RETURNING number",
            own_name());
    } catch (const postgresql_error& error) {
        if (!is_locked_by_another(error))
            throw;
    }
    if (number == 0) {
        const auto other = holder_of(sql_);
        throw ledger_held(printable(other.name) + " works with " + subject_ + " since " + to_text(other.since) +
                          "; nothing was done");
    }
    number_ = number;
}

void lease::renew()
{
    const auto renewed =
        sql_.run("UPDATE leases SET until_milliseconds = " + lease_end +
                 " WHERE name = 'ledger' AND number = " + std::to_string(number_) + " RETURNING number");
    if (!renewed)
        lose();
}

void lease::release() noexcept
{
    try {
        if (number_ != 0 && sql_.is_usable())
            sql_.run("ROLLBACK; UPDATE leases SET until_milliseconds = 0 WHERE name = 'ledger' AND number = " +
                     std::to_string(number_));
    } catch (const postgresql_error&) {
        // It ends by itself.
    }
}

void lease::begin()
{
    const auto number = sql_.run("BEGIN; SELECT number FROM leases WHERE name = 'ledger' FOR NO KEY UPDATE");
    if (number != std::to_string(number_))
        lose();
}

void lease::commit()
{
    sql_.run("UPDATE leases SET until_milliseconds = " + lease_end + " WHERE name = 'ledger'; COMMIT");
}

void lease::lose()
{
    const auto other = holder_of(sql_);
    throw ledger_error(subject_ + " was taken over by " + printable(other.name) + " at " + to_text(other.since) +
                       ", as nothing was heard of this process for " + std::to_string(ledger_lease.count()) +
                       " s; it sends nothing more");
}

} // namespace testdome_sync::sync::postgresql
