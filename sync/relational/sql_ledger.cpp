#include "sync/relational/sql_ledger.hpp"

#include "sync/relational/times.hpp"
#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::sync::relational {
namespace {

using mapping_row = std::tuple<long long, long long, std::string, std::string, long long, long long, std::string,
                               long long, long long, long long, long long, long long, long long>;
using application_row =
    std::tuple<std::string, std::string, std::string, std::string, std::string, std::string, long long, long long>;

} // namespace

mapping_record sql_ledger::find_mapping(const std::string& name)
{
    return guard([&] {
        mapping_record record;
        record.name = name;
        statements_.each<mapping_row>(
            "SELECT started_at, read_until, cursor, rules_fingerprint, last_poll, next_poll, last_error, last_count, "
            "paused, last_success, nothing_since, broken, broken_since FROM mappings WHERE name = :name",
            [&](const mapping_row& row) {
                const auto& [started, read_until, cursor, fingerprint, last_poll, next_poll, last_error, count, paused,
                             last_success, nothing_since, broken, broken_since] = row;
                record.started_at = time_of(started);
                record.read_until = optional_time_of(read_until);
                record.cursor = stored_json(cursor);
                record.rules_fingerprint = fingerprint;
                record.last_poll = optional_time_of(last_poll);
                record.next_poll = optional_time_of(next_poll);
                record.last_error = last_error;
                record.last_count = count;
                record.paused = paused != 0;
                record.last_success = optional_time_of(last_success);
                record.nothing_since = optional_time_of(nothing_since);
                record.broken = broken;
                record.broken_since = optional_time_of(broken_since);
            },
            name);
        return record;
    });
}

void sql_ledger::save(const mapping_record& record)
{
    guard([&] {
        statements_.run(
            "INSERT INTO mappings(name, started_at, read_until, cursor, rules_fingerprint, last_poll, "
            "next_poll, last_error, last_count, paused, last_success, nothing_since, broken, broken_since) "
            "VALUES(:n, :s, :r, :c, :f, :l, :x, :e, :k, :p, :g, :o, :b, :i) ON CONFLICT(name) DO UPDATE SET "
            "started_at = excluded.started_at, read_until = excluded.read_until, cursor = excluded.cursor, "
            "rules_fingerprint = excluded.rules_fingerprint, last_poll = excluded.last_poll, "
            "next_poll = excluded.next_poll, last_error = excluded.last_error, last_count = excluded.last_count, "
            "paused = excluded.paused, last_success = excluded.last_success, nothing_since = excluded.nothing_since, "
            "broken = excluded.broken, broken_since = excluded.broken_since",
            record.name, stored(record.started_at), stored(record.read_until), boost::json::serialize(record.cursor),
            record.rules_fingerprint, stored(record.last_poll), stored(record.next_poll), record.last_error,
            record.last_count, record.paused, stored(record.last_success), stored(record.nothing_since), record.broken,
            stored(record.broken_since));
    });
}

template <class... Values>
std::vector<stored_application> sql_ledger::read_applications(const std::string& condition, const Values&... values)
{
    std::vector<stored_application> found;
    statements_.each<application_row>(
        "SELECT mapping, id, document, fingerprint, decision, reason, first_seen, last_seen FROM applications WHERE " +
            condition,
        [&](const application_row& row) {
            const auto& [mapping, id, document, fingerprint, decision, reason, first_seen, last_seen] = row;
            found.push_back({mapping, id, stored_json(document).as_object(), fingerprint,
                             stored_json(decision).as_array(), reason, time_of(first_seen), time_of(last_seen)});
        },
        values...);
    return found;
}

std::optional<stored_application> sql_ledger::find_application(const std::string& mapping, const std::string& id)
{
    return guard([&]() -> std::optional<stored_application> {
        auto found = read_applications("mapping = :mapping AND id = :id", mapping, id);
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

std::string sql_ledger::find_fingerprint(const std::string& mapping, const std::string& id)
{
    return guard([&] {
        return statements_.one<std::string>("SELECT fingerprint FROM applications WHERE mapping = :m AND id = :i",
                                            mapping, id);
    });
}

std::vector<stored_application> sql_ledger::find_applications(const std::string& id_or_email)
{
    return guard([&] {
        return read_applications("id = :a OR (email <> '' AND email = :b) ORDER BY mapping, id", id_or_email,
                                 id_or_email);
    });
}

void sql_ledger::save(const stored_application& application)
{
    guard([&] {
        statements_.run(
            "INSERT INTO applications(mapping, id, email, document, fingerprint, decision, reason, "
            "first_seen, last_seen) VALUES(:m, :i, :e, :d, :p, :c, :r, :f, :l) ON CONFLICT(mapping, id) DO UPDATE SET "
            "email = excluded.email, document = excluded.document, fingerprint = excluded.fingerprint, "
            "decision = excluded.decision, reason = excluded.reason, first_seen = excluded.first_seen, "
            "last_seen = excluded.last_seen",
            application.mapping, application.id, email_in(application.document),
            boost::json::serialize(application.document), application.fingerprint,
            boost::json::serialize(application.decision), application.reason, stored(application.first_seen),
            stored(application.last_seen));
    });
}

boost::json::value sql_ledger::find_fact(const std::string& name)
{
    return guard([&] {
        const auto value = statements_.one<std::string>("SELECT value FROM facts WHERE name = :name", name);
        return value.empty() ? boost::json::value(nullptr) : stored_json(value);
    });
}

void sql_ledger::save_fact(const std::string& name, const boost::json::value& value)
{
    guard([&] {
        statements_.run("INSERT INTO facts(name, value) VALUES(:n, :v) ON CONFLICT(name) DO UPDATE SET value = "
                        "excluded.value",
                        name, boost::json::serialize(value));
    });
}

} // namespace testdome_sync::sync::relational
