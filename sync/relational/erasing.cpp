#include "sync/relational/sql_ledger.hpp"
#include "sync/relational/times.hpp"

#include <tuple>

// What is to be erased is found by two indexes that have nothing that is erased: word for word their conditions.

namespace testdome_sync::sync::relational {

std::vector<dated_application> sql_ledger::applications_unchanged_since(wall_time time, const dated_application& after,
                                                                        std::size_t limit)
{
    return guard([&] {
        std::vector<dated_application> found;
        statements_.each<std::tuple<long long, std::string, std::string>>(
            "SELECT last_seen, mapping, id FROM applications WHERE substr(document, 1, 9) <> '{\"erased\"' "
            "AND last_seen < :time AND last_seen >= :begin AND (last_seen, mapping, id) > (:after, :mapping, :id) "
            "ORDER BY last_seen, mapping, id LIMIT :most",
            [&](auto& row) {
                auto& [last_seen, mapping, id] = row;
                found.push_back({time_of(last_seen), {std::move(mapping), std::move(id)}});
            },
            stored(time), stored(after.time), stored(after.time), after.key.mapping, after.key.id, limit);
        return found;
    });
}

std::vector<dated_application> sql_ledger::assessments_over_since(wall_time time, const dated_application& after,
                                                                  std::size_t limit)
{
    return guard([&] {
        std::vector<dated_application> found;
        statements_.each<std::tuple<long long, std::string, std::string, long long>>(
            "SELECT finished_at, mapping, application_id, id FROM assessments "
            "WHERE finished_at > 0 AND substr(email, 1, 1) NOT IN ('', '#') AND finished_at < :time "
            "AND finished_at >= :begin AND (finished_at, id) > (:after, :id) ORDER BY finished_at, id LIMIT :most",
            [&](auto& row) {
                auto& [finished_at, mapping, application_id, id] = row;
                found.push_back({time_of(finished_at), {std::move(mapping), std::move(application_id)}, id});
            },
            stored(time), stored(after.time), stored(after.time), after.assessment_id, limit);
        return found;
    });
}

void sql_ledger::drop_settled_write_backs(std::int64_t assessment_id)
{
    guard([&] {
        statements_.run(
            "UPDATE counts SET number = number - (SELECT count(*) FROM write_backs "
            "WHERE assessment_id = :a AND state IN ('done', 'skipped') AND id <= up_to) WHERE what = 'write_backs'",
            assessment_id);
        statements_.run("DELETE FROM write_backs WHERE assessment_id = :a AND state IN ('done', 'skipped')",
                        assessment_id);
    });
}

void sql_ledger::close_up(std::vector<application_key>) {}

} // namespace testdome_sync::sync::relational
