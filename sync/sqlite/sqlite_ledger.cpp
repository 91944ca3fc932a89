#include "sync/sqlite/sqlite_ledger.hpp"

#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::sync {

std::unique_ptr<ledger> open_sqlite_ledger(const std::string& path, ledger_access access)
{
    return std::make_unique<sqlite::sqlite_ledger>(path, access);
}

namespace sqlite {

using soci::into;
using soci::use;

sqlite_ledger::sqlite_ledger(const std::string& path, ledger_access access) : path_(path)
{
    guard([&] { open(sql_, path, access); });
    if (access == ledger_access::write)
        take_over();
}

// Each process that writes takes the next number. Where the lock file didn't keep two apart (another machine, a file
// system without locks), the earlier one finds the number changed and can commit nothing more.
void sqlite_ledger::take_over()
{
    unit_of_work unit(*this);
    const auto before = find_fact("owner");
    const auto number = before.is_int64() ? before.as_int64() + 1 : 1;
    save_fact("owner", number);
    unit.commit();
    owner_ = number;
}

void sqlite_ledger::require_ownership()
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

void sqlite_ledger::begin()
{
    guard([&] { sql_ << "BEGIN IMMEDIATE"; });
    try {
        require_ownership();
    } catch (...) {
        rollback();
        throw;
    }
}

void sqlite_ledger::commit()
{
    guard([&] { sql_ << "COMMIT"; });
}

void sqlite_ledger::rollback() noexcept
{
    try {
        sql_ << "ROLLBACK";
    } catch (const soci::soci_error&) {
        // SQLite has rolled back by itself already, as it does when the disk is full.
    }
}

mapping_record sqlite_ledger::find_mapping(const std::string& name)
{
    return guard([&] {
        mapping_record record;
        record.name = name;
        std::string cursor;
        long long started = 0, read_until = 0, last_poll = 0, next_poll = 0, count = 0;
        sql_
            << "SELECT started_at, read_until, cursor, rules_fingerprint, last_poll, next_poll, last_error, last_count "
               "FROM mappings WHERE name = :name",
            into(started), into(read_until), into(cursor), into(record.rules_fingerprint), into(last_poll),
            into(next_poll), into(record.last_error), into(count), use(name);
        if (!sql_.got_data())
            return record;
        record.started_at = time_of(started);
        record.read_until = optional_time_of(read_until);
        record.cursor = stored_json(cursor);
        record.last_poll = optional_time_of(last_poll);
        record.next_poll = optional_time_of(next_poll);
        record.last_count = count;
        return record;
    });
}

void sqlite_ledger::save(const mapping_record& record)
{
    guard([&] {
        const auto cursor = boost::json::serialize(record.cursor);
        const auto started = stored(record.started_at), read_until = stored(record.read_until);
        const auto last_poll = stored(record.last_poll), next_poll = stored(record.next_poll);
        const long long count = record.last_count;
        sql_ << "INSERT OR REPLACE INTO mappings(name, started_at, read_until, cursor, rules_fingerprint, last_poll, "
                "next_poll, last_error, last_count) VALUES(:n, :s, :r, :c, :f, :l, :x, :e, :k)",
            use(record.name), use(started), use(read_until), use(cursor), use(record.rules_fingerprint), use(last_poll),
            use(next_poll), use(record.last_error), use(count);
    });
}

std::vector<stored_application> sqlite_ledger::read_applications(const std::string& condition, const std::string& first,
                                                                 const std::string& second)
{
    stored_application row;
    std::string document, decision;
    long long first_seen = 0, last_seen = 0;
    soci::statement select =
        (sql_.prepare << "SELECT mapping, id, document, fingerprint, decision, reason, first_seen, last_seen "
                         "FROM applications WHERE " +
                             condition,
         into(row.mapping), into(row.id), into(document), into(row.fingerprint), into(decision), into(row.reason),
         into(first_seen), into(last_seen), use(first, "a"), use(second, "b"));
    select.execute();
    std::vector<stored_application> found;
    while (select.fetch()) {
        row.document = stored_json(document).as_object();
        row.decision = stored_json(decision).as_array();
        row.first_seen = time_of(first_seen);
        row.last_seen = time_of(last_seen);
        found.push_back(row);
    }
    return found;
}

std::optional<stored_application> sqlite_ledger::find_application(const std::string& mapping, const std::string& id)
{
    return guard([&]() -> std::optional<stored_application> {
        auto found = read_applications("mapping = :a AND id = :b", mapping, id);
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

std::string sqlite_ledger::find_fingerprint(const std::string& mapping, const std::string& id)
{
    return guard([&] {
        std::string fingerprint;
        sql_ << "SELECT fingerprint FROM applications WHERE mapping = :m AND id = :i", into(fingerprint), use(mapping),
            use(id);
        return fingerprint;
    });
}

std::vector<stored_application> sqlite_ledger::find_applications(const std::string& id_or_email)
{
    return guard([&] {
        return read_applications("id = :a OR (email <> '' AND email = :b) ORDER BY mapping, id", id_or_email,
                                 id_or_email);
    });
}

void sqlite_ledger::save(const stored_application& application)
{
    guard([&] {
        const auto document = boost::json::serialize(application.document);
        const auto decision = boost::json::serialize(application.decision);
        const auto first_seen = stored(application.first_seen), last_seen = stored(application.last_seen);
        const auto email = normalized_email(application_from(application.document).applicant.email);
        sql_ << "INSERT OR REPLACE INTO applications(mapping, id, email, document, fingerprint, decision, reason, "
                "first_seen, last_seen) VALUES(:m, :i, :e, :d, :p, :c, :r, :f, :l)",
            use(application.mapping), use(application.id), use(email), use(document), use(application.fingerprint),
            use(decision), use(application.reason), use(first_seen), use(last_seen);
    });
}

boost::json::value sqlite_ledger::find_fact(const std::string& name)
{
    return guard([&]() -> boost::json::value {
        std::string value;
        sql_ << "SELECT value FROM facts WHERE name = :name", into(value), use(name);
        return sql_.got_data() ? stored_json(value) : boost::json::value(nullptr);
    });
}

void sqlite_ledger::save_fact(const std::string& name, const boost::json::value& value)
{
    guard([&] {
        const auto text = boost::json::serialize(value);
        sql_ << "INSERT OR REPLACE INTO facts(name, value) VALUES(:n, :v)", use(name), use(text);
    });
}

} // namespace sqlite
} // namespace testdome_sync::sync
