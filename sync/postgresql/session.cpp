#include "sync/postgresql/session.hpp"

#include "sync/events.hpp"
#include "sync/postgresql/schema.hpp"
#include "sync/relational/statements.hpp"

#include <boost/system/system_error.hpp>

#include <stdexcept>

namespace testdome_sync::sync::postgresql {
namespace {

// Whoever stops within a unit of work must not keep the lease's row locked for longer than the lease lasts.
constexpr auto limits = "SET statement_timeout = '20s'; SET lock_timeout = '2s'; "
                        "SET idle_in_transaction_session_timeout = '8s'";

std::string setting(connection& sql, const std::string& name)
{
    return sql.run("SHOW " + name).value_or("");
}

/// What was committed must be on a disk before anything is sent because of it.
void require_durability(connection& sql, const std::string& subject)
{
    if (setting(sql, "fsync") == "off")
        throw ledger_error(subject + " does not write to its disk what is committed (fsync is off): after a power "
                                     "failure people would be paid for again. Nothing was sent; turn it on");
    if (const auto synchronous = setting(sql, "synchronous_commit"); synchronous != "remote_apply")
        sql.run("SET synchronous_commit = on");
    if (setting(sql, "server_encoding") != "UTF8")
        throw ledger_error(subject + " has the encoding " + setting(sql, "server_encoding") +
                           ", which can't hold every name; make the database with ENCODING 'UTF8'");
    if (sql.run("SELECT pg_is_in_recovery()") == "t")
        throw ledger_error(subject +
                           " is a standby, which can only be read; name the primary in \"ledger\" (of several "
                           "hosts, target_session_attrs=read-write finds it)");
}

long long version_of(connection& sql)
{
    if (!has_ledger(sql))
        return 0;
    return relational::statements(sql).one<long long>("SELECT version FROM schema_version");
}

/// Two daemons that begin at the same time do it one after the other.
void migrate(connection& sql)
{
    const auto steps = migrations();
    sql.run("BEGIN; SELECT pg_advisory_xact_lock(7300519226446873)"); // any number, but always the same
    auto version = static_cast<std::size_t>(version_of(sql));
    if (version == 0)
        sql.run("CREATE TABLE schema_version AS SELECT 0::BIGINT AS version");
    for (; version < steps.size(); ++version)
        for (const auto text : steps[version].statements)
            sql.run(std::string(text));
    relational::statements(sql).run("UPDATE schema_version SET version = :newest", steps.size());
    sql.run("COMMIT");
}

void require_known_version(long long version, const std::string& subject, ledger_access access)
{
    const auto newest = static_cast<long long>(migrations().size());
    const auto has = subject + " has schema " + std::to_string(version);
    if (version > newest)
        throw ledger_error(has + ", this program knows " + std::to_string(newest) +
                           ": it was written by a newer testdome-sync; install that one again");
    if (access == ledger_access::read && version == 0)
        throw ledger_error(subject + " holds no ledger yet: the service has not been started with this configuration");
    if (!is_to_write(access) && version > 0 && version < newest)
        throw ledger_error(has + ", older than this program's " + std::to_string(newest) +
                           ": start the service once, it brings the ledger up to date");
}

std::string explain(const postgresql_error& error, const config::ledger_settings& settings)
{
    const auto subject = "ledger " + shown(settings);
    const auto words = printable(error.what(), 300);
    const auto& state = error.state();
    const auto is = [&](std::string_view prefix) { return state.starts_with(prefix); };
    if (error.what_failed() == postgresql_error::kind::silent)
        return subject + " does not answer. Nothing more is sent; see whether the server and the network are well";
    if (settings.has_stand_in && is("28"))
        return subject + " can't be read: its password is a systemd credential, which only the service has. Write "
                         "\"password: !file PATH\" for commands at the keyboard, or give them the credential with "
                         "systemd-run --property=LoadCredential=…";
    if (error.what_failed() == postgresql_error::kind::unreachable)
        return subject + " can't be reached: " + words + ". Nothing more is sent until it can";
    if (is("28"))
        return subject + " lets us not in: " + words + "; see user and password, and the server's pg_hba.conf";
    if (state == "3D000")
        return subject + " does not exist: " + words + "; make it, `createdb --owner USER DATABASE`";
    if (is("42501"))
        return subject + " can't be used: " + words + "; make the user its owner, ALTER DATABASE … OWNER TO …";
    if (is("42P07"))
        return subject + " holds other tables: " + words + "; give testdome-sync a database of its own";
    if (is("53"))
        return subject + " has no room or no connection left: " + words + ". Nothing more is sent; make room";
    if (state == "25006")
        return subject + " can only be read: " + words + ". Nothing more is sent; is it a standby?";
    if (state == "57014" || state == "55P03")
        return subject + " took too long: " + words + ". Nothing more is sent; see what holds the server up";
    if (is("57P"))
        return subject + " is not there: " + words + ". Nothing more is sent until it is back";
    if (is("XX"))
        return subject + " is damaged: " + words + ". Nothing more is sent; restore a backup";
    return subject + ": " + words + (state.empty() ? "" : " (SQLSTATE " + state + ')') +
           ". Nothing more is sent; if its tables were changed by anything else than testdome-sync, restore a backup";
}

std::string damage(const config::ledger_settings& settings, const std::string& finding)
{
    return "ledger " + shown(settings) + " is damaged (" + printable(finding, 200) +
           "). Nothing more is sent; restore a backup of the database";
}

bool will_pass(const postgresql_error& error)
{
    const auto& state = error.state();
    return error.what_failed() != postgresql_error::kind::refused || state.starts_with("57P") ||
           state == "53300"; // too many connections
}

} // namespace

std::unique_ptr<connection> connect(const config::ledger_settings& settings, ledger_access access)
{
    auto sql = std::make_unique<connection>(settings);
    const auto subject = "ledger " + shown(settings);
    sql->run(limits);
    if (!is_to_write(access))
        sql->run("SET default_transaction_read_only = on");
    else
        require_durability(*sql, subject);
    require_known_version(version_of(*sql), subject, access);
    if (is_to_write(access))
        migrate(*sql);
    return sql;
}

bool has_ledger(connection& sql)
{
    return sql.run("SELECT to_regclass('schema_version') IS NOT NULL") == "t";
}

void rethrow_explained(const config::ledger_settings& settings)
{
    try {
        throw;
    } catch (const postgresql_error& error) {
        if (will_pass(error))
            throw ledger_unreachable(explain(error, settings));
        throw ledger_error(explain(error, settings));
    } catch (const relational::damaged_value& error) {
        throw ledger_error(damage(settings, error.what()));
    } catch (const boost::system::system_error& error) { // JSON that is none
        throw ledger_error(damage(settings, error.code().message()));
    } catch (const std::invalid_argument& error) { // JSON of another kind
        throw ledger_error(damage(settings, error.what()));
    }
}

} // namespace testdome_sync::sync::postgresql
