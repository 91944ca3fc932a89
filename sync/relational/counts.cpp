#include "sync/relational/counts.hpp"

#include "sync/events.hpp"
#include "sync/relational/sql_ledger.hpp"

#include <algorithm>

// How many of each state there are, without reading them all. The transitions are a log that is only ever added to, so
// whoever has counted up to one of them has to look at the later ones only: the table `counts` has the numbers up to a
// row, and they are taken further now and then, inside a unit of work that is under way anyway. Where they are missing,
// everything is read, so the table may be emptied by whoever has changed other tables himself.
//
// Write-backs have no such log. All but those that are done are in an index of few rows, and those that are done are
// what is left of all.

namespace testdome_sync::sync::relational {
namespace {

/// After so many new rows. Reading them takes a third of a millisecond.
constexpr long kept_after = 1000;

constexpr auto count_anew_assessments =
    "INSERT INTO counts(what, state, up_to, number) SELECT 'assessments', state, (SELECT coalesce(max(id), 0) FROM "
    "transitions), count(*) FROM assessments GROUP BY state";

constexpr auto count_anew_write_backs =
    "INSERT INTO counts(what, state, up_to, number) SELECT 'write_backs', '', coalesce(max(id), 0), count(*) FROM "
    "write_backs";

// Word for word the conditions of three indexes; what is done is the number of all here. The place up to which they
// were counted is a parameter so that PostgreSQL knows how few rows come after it; if another machine has moved it
// meanwhile, there is no row of it.
constexpr auto count_few_and_all =
    "SELECT state, count(*) FROM write_backs WHERE state IN ('pending', 'unconfirmed') GROUP BY state UNION ALL "
    "SELECT state, count(*) FROM write_backs WHERE state IN ('failed', 'held') GROUP BY state UNION ALL "
    "SELECT state, count(*) FROM write_backs WHERE state = 'skipped' GROUP BY state UNION ALL "
    "SELECT 'done', number + (SELECT count(*) FROM write_backs WHERE id > :after) FROM counts WHERE what = "
    "'write_backs' AND up_to = :up_to";

using counted = std::tuple<std::string, long long>;
using counts_by_text = std::map<std::string, long long>;

bool has_negative(const counts_by_text& counts)
{
    return std::ranges::any_of(counts, [](const auto& one) { return one.second < 0; });
}

/// Without those of which there are none.
template <class State, class Find>
std::map<State, std::int64_t> known_counts(const counts_by_text& counts, const std::string& of, Find find_state)
{
    std::map<State, std::int64_t> known;
    for (const auto& [text, count] : counts) {
        if (count == 0)
            continue;
        const auto state = find_state(text);
        if (!state)
            throw damaged_value(of + " has the unknown state \"" + printable(text) + '"');
        known[*state] = count;
    }
    return known;
}

} // namespace

void count_anew(database& in)
{
    statements all(in);
    all.run("DELETE FROM counts");
    all.run(count_anew_assessments);
    all.run(count_anew_write_backs);
}

std::map<assessment_state, std::int64_t> sql_ledger::count_assessments()
{
    return guard([&] {
        counts_by_text counts;
        long long up_to = 0;
        statements_.each<std::tuple<std::string, long long, long long>>(
            "SELECT state, up_to, number FROM counts WHERE what = 'assessments'", [&](const auto& row) {
                up_to = std::get<1>(row);
                counts[std::get<0>(row)] = std::get<2>(row);
            });
        const bool are_kept = !counts.empty();
        if (are_kept)
            statements_.each<std::tuple<std::string, std::string, long long>>(
                "SELECT from_state, to_state, count(*) FROM transitions WHERE id > :up_to GROUP BY from_state, "
                "to_state",
                [&](const auto& row) {
                    const auto& [from, to, count] = row;
                    if (!from.empty())
                        counts[from] -= count;
                    counts[to] += count;
                },
                up_to);
        if (!are_kept || has_negative(counts)) {
            counts.clear();
            statements_.each<counted>("SELECT state, count(*) FROM assessments GROUP BY state",
                                      [&](const auto& row) { counts[std::get<0>(row)] = std::get<1>(row); });
        }
        return known_counts<assessment_state>(counts, "an assessment", &assessment_state_from);
    });
}

std::map<write_back_state, std::int64_t> sql_ledger::count_write_backs()
{
    return guard([&] {
        const auto up_to = statements_.one<long long>("SELECT up_to FROM counts WHERE what = 'write_backs'");
        counts_by_text counts;
        statements_.each<counted>(
            count_few_and_all, [&](const auto& row) { counts[std::get<0>(row)] = std::get<1>(row); }, up_to, up_to);
        const bool are_kept = counts.contains("done");
        for (const auto& [state, count] : counts)
            if (are_kept && state != "done")
                counts["done"] -= count;
        if (!are_kept || has_negative(counts)) {
            counts.clear();
            statements_.each<counted>("SELECT state, count(*) FROM write_backs GROUP BY state",
                                      [&](const auto& row) { counts[std::get<0>(row)] = std::get<1>(row); });
        }
        return known_counts<write_back_state>(counts, "a write-back", &write_back_state_from);
    });
}

void sql_ledger::begin_counting()
{
    rows_not_counted_ = statements_.one<long long>(
        "SELECT coalesce((SELECT max(id) FROM transitions), 0) - coalesce((SELECT max(up_to) FROM counts WHERE "
        "what = 'assessments'), 0)");
    if (rows_not_counted_ >= kept_after)
        keep_counts();
}

void sql_ledger::count_row()
{
    if (++rows_not_counted_ >= kept_after)
        keep_counts();
}

void sql_ledger::keep_counts()
{
    rows_not_counted_ = 0; // if this unit is given up, it is done a little later
    const auto assessments = count_assessments();
    statements_.run("DELETE FROM counts WHERE what = 'assessments'");
    for (const auto& [state, count] : assessments)
        statements_.run("INSERT INTO counts(what, state, up_to, number) SELECT 'assessments', :state, "
                        "coalesce(max(id), 0), :number FROM transitions",
                        to_text(state), count);
    const auto up_to = statements_.one<long long>("SELECT up_to FROM counts WHERE what = 'write_backs'");
    if (up_to == 0) {
        statements_.run("DELETE FROM counts WHERE what = 'write_backs'");
        statements_.run(count_anew_write_backs);
    } else
        statements_.run("UPDATE counts SET number = number + (SELECT count(*) FROM write_backs WHERE id > :after), "
                        "up_to = (SELECT coalesce(max(id), 0) FROM write_backs) WHERE what = 'write_backs'",
                        up_to);
}

} // namespace testdome_sync::sync::relational
