#include "sync/relational/sql_ledger.hpp"
#include "sync/relational/times.hpp"

#include <tuple>

namespace testdome_sync::sync::relational {
namespace {

constexpr auto applications_by_mapping = "SELECT mapping, count(*) FROM applications GROUP BY mapping";

constexpr auto assessments_by_mapping =
    "SELECT mapping, count(*), count(*) FILTER (WHERE invited_at > 0), "
    "count(*) FILTER (WHERE invited_at > 0 AND state IN ('completed', 'did_not_take', 'canceled')) "
    "FROM assessments GROUP BY mapping";

// What can't be written or must be decided is missing too; what was skipped is not wanted any more. Of whom was erased,
// only that is left which is not settled.
constexpr auto written_by_mapping =
    "SELECT mapping, count(*) FROM assessments a "
    "WHERE invited_at > 0 AND state IN ('completed', 'did_not_take', 'canceled') "
    "AND (substr(email, 1, 1) = '#' OR EXISTS(SELECT 1 FROM write_backs WHERE assessment_id = a.id "
    "AND event = a.state)) "
    "AND NOT EXISTS(SELECT 1 FROM write_backs WHERE assessment_id = a.id AND state NOT IN ('done', 'skipped')) "
    "GROUP BY mapping";

constexpr auto held_by_cause =
    "SELECT mapping, cause, count(*), min(updated_at) FROM assessments WHERE state = 'held' GROUP BY mapping, cause";

constexpr auto invitations_by_day =
    "SELECT at / 86400, count(*) FROM transitions "
    "WHERE from_state = 'inviting' AND to_state IN ('invited', 'unconfirmed') AND at >= :since "
    "GROUP BY at / 86400 ORDER BY 1";

} // namespace

ledger_statistics sql_ledger::statistics(wall_time since)
{
    using counted = std::tuple<std::string, long long>;
    return guard([&] {
        ledger_statistics made;
        auto& all = made.mappings;
        statements_.each<counted>(applications_by_mapping,
                                  [&](const auto& row) { all[std::get<0>(row)].applications = std::get<1>(row); });
        statements_.each<std::tuple<std::string, long long, long long, long long>>(
            assessments_by_mapping, [&](const auto& row) {
                const auto& [mapping, selected, invited, finished] = row;
                auto& of = all[mapping];
                of.selected = selected, of.invited = invited, of.finished = finished;
            });
        statements_.each<counted>(written_by_mapping,
                                  [&](const auto& row) { all[std::get<0>(row)].written_back = std::get<1>(row); });
        statements_.each<std::tuple<std::string, std::string, long long, long long>>(
            held_by_cause, [&](const auto& row) {
                const auto& [mapping, cause, count, oldest] = row;
                all[mapping].held[hold_cause_from(cause).value_or(hold_cause::none)] = {count, time_of(oldest)};
            });
        statements_.each<std::tuple<long long, long long>>(
            invitations_by_day,
            [&](const auto& row) {
                const std::chrono::days day{std::get<0>(row)};
                made.invitations.emplace_back(std::chrono::sys_days{day}, std::get<1>(row));
            },
            stored(since));
        return made;
    });
}

} // namespace testdome_sync::sync::relational
