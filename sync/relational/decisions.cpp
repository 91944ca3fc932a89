#include "sync/relational/sql_ledger.hpp"
#include "sync/relational/times.hpp"

#include <tuple>

namespace testdome_sync::sync::relational {

void sql_ledger::add(const decision_record& made)
{
    guard([&] {
        statements_.run("INSERT INTO decisions(at, kind, assessment_id, subject, who, why) "
                        "VALUES(:at, :kind, :assessment, :subject, :who, :why)",
                        stored(made.at), made.kind, made.assessment_id, made.subject, made.who, made.why);
    });
}

std::vector<decision_record> sql_ledger::decisions_of(std::int64_t assessment_id)
{
    using decision_row = std::tuple<long long, std::string, std::string, std::string, std::string>;
    return guard([&] {
        std::vector<decision_record> found;
        statements_.each<decision_row>(
            "SELECT at, kind, subject, who, why FROM decisions WHERE assessment_id > 0 AND assessment_id = :id "
            "ORDER BY id",
            [&](const decision_row& row) {
                const auto& [at, kind, subject, who, why] = row;
                found.push_back({time_of(at), kind, assessment_id, subject, who, why});
            },
            assessment_id);
        return found;
    });
}

std::vector<wanted_extension> sql_ledger::wanted_extensions()
{
    return guard([&] {
        std::vector<wanted_extension> found;
        statements_.each<std::tuple<long long, long long>>(
            "SELECT assessment_id, deadline FROM extensions ORDER BY assessment_id", [&](const auto& row) {
                found.push_back({std::get<0>(row), time_of(std::get<1>(row))});
            });
        return found;
    });
}

void sql_ledger::save(const wanted_extension& wanted)
{
    guard([&] {
        statements_.run("INSERT INTO extensions(assessment_id, deadline) VALUES(:id, :deadline) "
                        "ON CONFLICT(assessment_id) DO UPDATE SET deadline = excluded.deadline",
                        wanted.assessment_id, stored(wanted.deadline));
    });
}

void sql_ledger::drop_extension(std::int64_t assessment_id)
{
    guard([&] { statements_.run("DELETE FROM extensions WHERE assessment_id = :id", assessment_id); });
}

} // namespace testdome_sync::sync::relational
