#include "sync/relational/sql_ledger.hpp"

#include "sync/events.hpp"
#include "sync/relational/times.hpp"
#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::sync::relational {

namespace {

using write_back_row = std::tuple<long long, long long, std::string, std::string, long long, long long, std::string,
                                  std::string, std::string, std::string, std::string, long long, long long, long long>;

write_back_state known_state(const std::string& text)
{
    const auto known = write_back_state_from(text);
    if (!known)
        throw damaged_value("a write-back has the unknown state \"" + printable(text) + '"');
    return *known;
}

write_back write_back_of(const write_back_row& row)
{
    const auto& [id, assessment, mapping, event, revision, position, action, argument, marker, state, reason, attempts,
                 next, updated] = row;
    return {id,
            assessment,
            mapping,
            event,
            static_cast<int>(revision),
            static_cast<int>(position),
            action,
            stored_json(argument),
            marker,
            known_state(state),
            reason,
            static_cast<int>(attempts),
            time_of(next),
            time_of(updated)};
}

// Word for word the condition of an index of few rows.
const std::string is_open = "state IN ('pending', 'unconfirmed')";

// A stage or a field must end as the last event says, so what changes them is sent in the order of the events: none
// before an earlier one that is still to be sent. Notes tell a story in any order.
const std::string may_be_sent =
    is_open +
    " AND (action = 'note' OR NOT EXISTS(SELECT 1 FROM write_backs earlier WHERE "
    "earlier.assessment_id = write_backs.assessment_id AND earlier.id < write_backs.id AND earlier.action <> 'note' "
    "AND "
    "earlier.state IN ('pending', 'unconfirmed') AND earlier.next_attempt_at < :never))";

} // namespace

void sql_ledger::add(write_back& added)
{
    guard([&] {
        statements_.run("INSERT INTO write_backs(assessment_id, mapping, event, revision, position, action, argument, "
                        "marker, state, reason, attempts, next_attempt_at, updated_at) "
                        "VALUES(:a, :m, :e, :r, :p, :c, :g, :k, :s, :w, :n, :x, :u) ON CONFLICT DO NOTHING",
                        added.assessment_id, added.mapping, added.event, added.revision, added.position, added.action,
                        boost::json::serialize(added.argument), added.marker, to_text(added.state), added.reason,
                        added.attempts, stored(added.next_attempt_at), stored(added.updated_at));
        added.id = statements_.one<long long>(
            "SELECT id FROM write_backs WHERE assessment_id = :a AND event = :e AND revision = :r AND position = :p",
            added.assessment_id, added.event, added.revision, added.position);
        count_row();
    });
}

void sql_ledger::save(const write_back& changed)
{
    guard([&] {
        statements_.run(
            "UPDATE write_backs SET state = :s, reason = :r, attempts = :n, next_attempt_at = :x, updated_at = :u "
            "WHERE id = :id",
            to_text(changed.state), changed.reason, changed.attempts, stored(changed.next_attempt_at),
            stored(changed.updated_at), changed.id);
    });
}

template <class... Values>
std::vector<write_back> sql_ledger::read_write_backs(const std::string& condition, const Values&... values)
{
    std::vector<write_back> found;
    statements_.each<write_back_row>(
        "SELECT id, assessment_id, mapping, event, revision, position, action, argument, marker, state, reason, "
        "attempts, next_attempt_at, updated_at FROM write_backs WHERE " +
            condition,
        [&](const write_back_row& row) { found.push_back(write_back_of(row)); }, values...);
    return found;
}

std::vector<write_back> sql_ledger::due_write_backs(wall_time now, const std::string& mapping, std::size_t limit)
{
    return guard([&] {
        return read_write_backs(may_be_sent + " AND mapping = :mapping AND next_attempt_at <= :now "
                                              "ORDER BY next_attempt_at, id LIMIT :most",
                                stored(write_back_never), mapping, stored(now), limit);
    });
}

std::vector<write_back> sql_ledger::write_backs_put_off(wall_time time, const std::string& mapping, std::size_t limit)
{
    return guard([&] {
        return read_write_backs(is_open + " AND mapping = :mapping AND next_attempt_at > :time AND next_attempt_at < "
                                          ":never ORDER BY next_attempt_at, id LIMIT :most",
                                mapping, stored(time), stored(write_back_never), limit);
    });
}

std::vector<write_back> sql_ledger::write_backs_of(std::int64_t assessment_id)
{
    return guard([&] { return read_write_backs("assessment_id = :assessment ORDER BY id", assessment_id); });
}

std::optional<write_back> sql_ledger::find_write_back(std::int64_t id)
{
    return guard([&]() -> std::optional<write_back> {
        auto found = read_write_backs("id = :id", id);
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

void sql_ledger::save_argument(const write_back& changed)
{
    guard([&] {
        statements_.run("UPDATE write_backs SET argument = :a WHERE id = :id", boost::json::serialize(changed.argument),
                        changed.id);
    });
}

void sql_ledger::doubt_write_backs()
{
    guard([&] {
        statements_.run("UPDATE write_backs SET state = :to WHERE state = :from",
                        to_text(write_back_state::unconfirmed), to_text(write_back_state::pending));
    });
}

std::optional<wall_time> sql_ledger::next_write_back(const std::string& mapping)
{
    return guard([&] {
        return optional_time_of(statements_.one<long long>(
            "SELECT next_attempt_at FROM write_backs WHERE " + may_be_sent +
                " AND mapping = :mapping AND next_attempt_at < :far ORDER BY next_attempt_at LIMIT 1",
            stored(write_back_never), mapping, stored(write_back_never)));
    });
}

std::int64_t sql_ledger::count_write_backs(write_back_state in)
{
    const bool waits = in == write_back_state::pending || in == write_back_state::unconfirmed;
    const std::string few = waits ? is_open : "state IN ('failed', 'held')"; // word for word an index's condition, too
    const bool is_stuck = in == write_back_state::failed || in == write_back_state::held;
    return guard([&] {
        return statements_.one<long long>("SELECT count(*) FROM write_backs WHERE " +
                                              (waits || is_stuck ? few + " AND " : std::string{}) + "state = :s",
                                          to_text(in));
    });
}

} // namespace testdome_sync::sync::relational
