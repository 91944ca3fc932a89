#include "sync/sqlite/sqlite_ledger.hpp"

#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::sync::sqlite {

using soci::into;
using soci::use;

namespace {

/// One row as SOCI binds it: texts and 64-bit integers only.
struct assessment_row {
    long long id = 0, test_id = 0, candidate_id = 0, newest_before = 0, approved = 0, send_alone = 0, cancel_wanted = 0;
    long long empty_look_ups = 0, revision = 0, created_at = 0, updated_at = 0, invited_at = 0, deadline = 0;
    long long finished_at = 0, settle_until = 0, checked_at = 0;
    std::string mapping, application_id, test_key, rule, test_reference, test_name, email, state, cause, reason, result;
};

constexpr std::string_view columns =
    "mapping, application_id, test_key, rule, test_reference, test_id, test_name, email, state, cause, reason, "
    "candidate_id, newest_before, approved, send_alone, cancel_wanted, empty_look_ups, revision, result, created_at, "
    "updated_at, invited_at, deadline, finished_at, settle_until, checked_at";

/// Calls `bind` with each column's field, in the order of `columns`.
template <class Row, class Bind>
void for_each_column(Row& row, Bind bind)
{
    bind(row.mapping), bind(row.application_id), bind(row.test_key), bind(row.rule), bind(row.test_reference);
    bind(row.test_id), bind(row.test_name), bind(row.email), bind(row.state), bind(row.cause), bind(row.reason);
    bind(row.candidate_id), bind(row.newest_before), bind(row.approved), bind(row.send_alone), bind(row.cancel_wanted);
    bind(row.empty_look_ups), bind(row.revision), bind(row.result), bind(row.created_at), bind(row.updated_at);
    bind(row.invited_at), bind(row.deadline), bind(row.finished_at), bind(row.settle_until), bind(row.checked_at);
}

assessment assessment_of(const assessment_row& row)
{
    assessment result;
    result.id = row.id;
    result.mapping = row.mapping;
    result.application_id = row.application_id;
    result.rule = row.rule;
    result.test_reference = row.test_reference;
    result.test_id = row.test_id;
    result.test_name = row.test_name;
    result.email = row.email;
    const auto state = assessment_state_from(row.state);
    if (!state)
        throw std::invalid_argument("assessment " + std::to_string(row.id) + " has the unknown state \"" + row.state +
                                    '"');
    result.state = *state;
    result.cause = hold_cause_from(row.cause).value_or(hold_cause::none);
    result.reason = row.reason;
    result.candidate_id = row.candidate_id;
    result.newest_before = row.newest_before;
    result.approved = row.approved != 0;
    result.send_alone = row.send_alone != 0;
    result.cancel_wanted = row.cancel_wanted != 0;
    result.empty_look_ups = static_cast<int>(row.empty_look_ups);
    result.revision = static_cast<int>(row.revision);
    result.result = stored_json(row.result);
    result.created_at = time_of(row.created_at);
    result.updated_at = time_of(row.updated_at);
    result.invited_at = optional_time_of(row.invited_at);
    result.deadline = optional_time_of(row.deadline);
    result.finished_at = optional_time_of(row.finished_at);
    result.settle_until = optional_time_of(row.settle_until);
    result.checked_at = optional_time_of(row.checked_at);
    return result;
}

assessment_row row_of(const assessment& from)
{
    assessment_row row;
    row.id = from.id;
    row.mapping = from.mapping;
    row.application_id = from.application_id;
    // An unknown test is told apart by the rule's own words until its id is known.
    row.test_key = from.test_id != 0 ? std::to_string(from.test_id) : '?' + from.test_reference;
    row.rule = from.rule;
    row.test_reference = from.test_reference;
    row.test_id = from.test_id;
    row.test_name = from.test_name;
    row.email = from.email;
    row.state = to_text(from.state);
    row.cause = to_text(from.cause);
    row.reason = from.reason;
    row.candidate_id = from.candidate_id;
    row.newest_before = from.newest_before;
    row.approved = from.approved;
    row.send_alone = from.send_alone;
    row.cancel_wanted = from.cancel_wanted;
    row.empty_look_ups = from.empty_look_ups;
    row.revision = from.revision;
    row.result = boost::json::serialize(from.result);
    row.created_at = stored(from.created_at);
    row.updated_at = stored(from.updated_at);
    row.invited_at = stored(from.invited_at);
    row.deadline = stored(from.deadline);
    row.finished_at = stored(from.finished_at);
    row.settle_until = stored(from.settle_until);
    row.checked_at = stored(from.checked_at);
    return row;
}

std::string condition_of(const assessment_filter& filter)
{
    std::string condition = "1";
    if (!filter.states.empty()) {
        condition += " AND state IN (";
        for (std::size_t i = 0; i < filter.states.size(); ++i)
            condition.append(i == 0 ? "'" : ", '").append(to_text(filter.states[i])).append("'");
        condition += ")";
    }
    if (!filter.mapping.empty())
        condition += " AND mapping = :mapping";
    if (!filter.application_id.empty())
        condition += " AND application_id = :application";
    if (!filter.email.empty())
        condition += " AND email = :email";
    if (filter.test_id != 0)
        condition += " AND test_id = :test";
    if (filter.updated_since)
        condition += " AND updated_at >= :since";
    return condition;
}

} // namespace

std::vector<assessment> sqlite_ledger::read_assessments(const std::string& condition, const assessment_filter& filter)
{
    assessment_row row;
    const long long test = filter.test_id, since = stored(filter.updated_since);
    soci::statement select(sql_);
    select.exchange(into(row.id));
    for_each_column(row, [&](auto& member) { select.exchange(into(member)); });
    if (!filter.mapping.empty())
        select.exchange(use(filter.mapping, "mapping"));
    if (!filter.application_id.empty())
        select.exchange(use(filter.application_id, "application"));
    if (!filter.email.empty())
        select.exchange(use(filter.email, "email"));
    if (filter.test_id != 0)
        select.exchange(use(test, "test"));
    if (filter.updated_since)
        select.exchange(use(since, "since"));
    select.alloc();
    select.prepare("SELECT id, " + std::string(columns) + " FROM assessments WHERE " + condition + " ORDER BY id");
    select.define_and_bind();
    select.execute();
    std::vector<assessment> found;
    while (select.fetch())
        found.push_back(assessment_of(row));
    return found;
}

std::vector<assessment> sqlite_ledger::assessments(const assessment_filter& filter)
{
    return guard([&] { return read_assessments(condition_of(filter), filter); });
}

std::optional<assessment> sqlite_ledger::find_assessment(std::int64_t id)
{
    return guard([&]() -> std::optional<assessment> {
        auto found = read_assessments("id = " + std::to_string(id), {});
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

void sqlite_ledger::save(assessment& changed, std::string_view cause, std::string_view correlation_id)
{
    guard([&] {
        auto row = row_of(changed);
        std::string before;
        if (row.id != 0)
            sql_ << "SELECT state FROM assessments WHERE id = :id", into(before), use(row.id);
        soci::statement write(sql_);
        for_each_column(row, [&](auto& member) { write.exchange(use(member)); });
        std::string names(columns), places;
        for (std::size_t i = 0, count = 26; i < count; ++i)
            places += (i == 0 ? ":c" : ", :c") + std::to_string(i);
        if (row.id != 0)
            write.exchange(use(row.id));
        write.alloc();
        write.prepare(row.id == 0 ? "INSERT INTO assessments(" + names + ") VALUES(" + places + ")"
                                  : "UPDATE assessments SET (" + names + ") = (" + places + ") WHERE id = :id");
        write.define_and_bind();
        write.execute(true);
        if (changed.id == 0) {
            sql_ << "SELECT last_insert_rowid()", into(row.id);
            changed.id = row.id;
        }
        if (before == row.state)
            return;
        const std::string why(cause), correlation(correlation_id);
        sql_ << "INSERT INTO transitions(assessment_id, at, from_state, to_state, cause, correlation_id) "
                "VALUES(:a, :t, :f, :s, :c, :x)",
            use(row.id), use(row.updated_at), use(before), use(row.state), use(why), use(correlation);
    });
}

std::vector<transition> sqlite_ledger::transitions(std::int64_t assessment_id)
{
    return guard([&] {
        transition row;
        long long at = 0, id = assessment_id;
        soci::statement select =
            (sql_.prepare << "SELECT at, from_state, to_state, cause, correlation_id FROM transitions "
                             "WHERE assessment_id = :id ORDER BY id",
             into(at), into(row.from), into(row.to), into(row.cause), into(row.correlation_id), use(id));
        select.execute();
        std::vector<transition> found;
        while (select.fetch()) {
            row.at = time_of(at);
            found.push_back(row);
        }
        return found;
    });
}

int sqlite_ledger::invitations_since(wall_time time)
{
    return guard([&] {
        long long count = 0, since = stored(time);
        sql_ << "SELECT count(*) FROM transitions WHERE to_state = 'inviting' AND at >= :since", into(count),
            use(since);
        return static_cast<int>(count);
    });
}

std::map<assessment_state, std::int64_t> sqlite_ledger::count_assessments()
{
    return guard([&] {
        std::string state;
        long long count = 0;
        soci::statement select =
            (sql_.prepare << "SELECT state, count(*) FROM assessments GROUP BY state", into(state), into(count));
        select.execute();
        std::map<assessment_state, std::int64_t> found;
        while (select.fetch())
            if (const auto known = assessment_state_from(state))
                found[*known] = count;
        return found;
    });
}

} // namespace testdome_sync::sync::sqlite
