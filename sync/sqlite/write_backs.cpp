#include "sync/sqlite/sqlite_ledger.hpp"

#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::sync::sqlite {

using soci::into;
using soci::use;

void sqlite_ledger::add(write_back& added)
{
    guard([&] {
        const auto argument = boost::json::serialize(added.argument);
        const std::string state(to_text(added.state));
        const long long assessment = added.assessment_id, revision = added.revision, position = added.position;
        const long long attempts = added.attempts, next = stored(added.next_attempt_at),
                        updated = stored(added.updated_at);
        sql_
            << "INSERT OR IGNORE INTO write_backs(assessment_id, mapping, event, revision, position, action, argument, "
               "marker, state, reason, attempts, next_attempt_at, updated_at) "
               "VALUES(:a, :m, :e, :r, :p, :c, :g, :k, :s, :w, :n, :x, :u)",
            use(assessment), use(added.mapping), use(added.event), use(revision), use(position), use(added.action),
            use(argument), use(added.marker), use(state), use(added.reason), use(attempts), use(next), use(updated);
        long long id = 0;
        sql_
            << "SELECT id FROM write_backs WHERE assessment_id = :a AND event = :e AND revision = :r AND position = :p",
            into(id), use(assessment), use(added.event), use(revision), use(position);
        added.id = id;
    });
}

void sqlite_ledger::save(const write_back& changed)
{
    guard([&] {
        const std::string state(to_text(changed.state));
        const long long id = changed.id, attempts = changed.attempts, next = stored(changed.next_attempt_at);
        const long long updated = stored(changed.updated_at);
        sql_ << "UPDATE write_backs SET state = :s, reason = :r, attempts = :n, next_attempt_at = :x, updated_at = :u "
                "WHERE id = :id",
            use(state), use(changed.reason), use(attempts), use(next), use(updated), use(id);
    });
}

std::vector<write_back> sqlite_ledger::read_write_backs(const std::string& condition, long long first,
                                                        const std::string& mapping)
{
    write_back row;
    std::string argument, state;
    long long id = 0, assessment = 0, revision = 0, position = 0, attempts = 0, next = 0, updated = 0;
    soci::statement select(sql_);
    select.exchange(into(id)), select.exchange(into(assessment)), select.exchange(into(row.mapping));
    select.exchange(into(row.event)), select.exchange(into(revision)), select.exchange(into(position));
    select.exchange(into(row.action)), select.exchange(into(argument)), select.exchange(into(row.marker));
    select.exchange(into(state)), select.exchange(into(row.reason)), select.exchange(into(attempts));
    select.exchange(into(next)), select.exchange(into(updated)), select.exchange(use(first, "first"));
    if (!mapping.empty())
        select.exchange(use(mapping, "mapping"));
    select.alloc();
    select.prepare(
        "SELECT id, assessment_id, mapping, event, revision, position, action, argument, marker, state, reason, "
        "attempts, next_attempt_at, updated_at FROM write_backs WHERE " +
        condition);
    select.define_and_bind();
    select.execute();
    std::vector<write_back> found;
    while (select.fetch()) {
        row.id = id;
        row.assessment_id = assessment;
        row.revision = static_cast<int>(revision);
        row.position = static_cast<int>(position);
        row.argument = stored_json(argument);
        row.state = write_back_state_from(state).value_or(write_back_state::failed);
        row.attempts = static_cast<int>(attempts);
        row.next_attempt_at = time_of(next);
        row.updated_at = time_of(updated);
        found.push_back(row);
    }
    return found;
}

std::vector<write_back> sqlite_ledger::due_write_backs(wall_time now, const std::string& mapping, std::size_t limit)
{
    return guard([&] {
        return read_write_backs(
            "state IN ('pending', 'unconfirmed') AND next_attempt_at <= :first AND mapping = :mapping "
            "ORDER BY next_attempt_at, id LIMIT " +
                std::to_string(limit),
            stored(now), mapping);
    });
}

std::vector<write_back> sqlite_ledger::write_backs_of(std::int64_t assessment_id)
{
    return guard([&] { return read_write_backs("assessment_id = :first ORDER BY id", assessment_id, {}); });
}

std::optional<wall_time> sqlite_ledger::next_write_back(const std::string& mapping)
{
    return guard([&] {
        long long next = 0;
        sql_ << "SELECT coalesce(min(next_attempt_at), 0) FROM write_backs WHERE state IN ('pending', 'unconfirmed') "
                "AND "
                "mapping = :mapping",
            into(next), use(mapping);
        return optional_time_of(next);
    });
}

std::map<write_back_state, std::int64_t> sqlite_ledger::count_write_backs()
{
    return guard([&] {
        std::string state;
        long long count = 0;
        soci::statement select =
            (sql_.prepare << "SELECT state, count(*) FROM write_backs GROUP BY state", into(state), into(count));
        select.execute();
        std::map<write_back_state, std::int64_t> found;
        while (select.fetch())
            if (const auto known = write_back_state_from(state))
                found[*known] = count;
        return found;
    });
}

} // namespace testdome_sync::sync::sqlite
