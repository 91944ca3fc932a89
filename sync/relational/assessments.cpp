#include "sync/relational/sql_ledger.hpp"

#include "sync/events.hpp"
#include "sync/relational/times.hpp"
#include "sync/stored_json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>

namespace testdome_sync::sync::relational {

namespace {

/// One row as it is bound, but for its id: texts and 64-bit integers only.
struct assessment_row {
    long long test_id = 0, candidate_id = 0, newest_before = 0, approved = 0, send_alone = 0, cancel_wanted = 0;
    long long empty_look_ups = 0, revision = 0, created_at = 0, updated_at = 0, invited_at = 0, deadline = 0;
    long long finished_at = 0, settle_until = 0, look_again_at = 0, checksum = 0;
    std::string mapping, application_id, test_key, rule, test_reference, test_name, email, state, cause, reason, result;
};

constexpr std::string_view columns =
    "mapping, application_id, test_key, rule, test_reference, test_id, test_name, email, state, cause, reason, "
    "candidate_id, newest_before, approved, send_alone, cancel_wanted, empty_look_ups, revision, result, created_at, "
    "updated_at, invited_at, deadline, finished_at, settle_until, look_again_at, checksum";

/// In the order of `columns`.
template <class Row, class Bind>
requires std::same_as<std::remove_const_t<Row>, assessment_row>
void for_each_column(Row& row, Bind bind)
{
    bind(row.mapping), bind(row.application_id), bind(row.test_key), bind(row.rule), bind(row.test_reference);
    bind(row.test_id), bind(row.test_name), bind(row.email), bind(row.state), bind(row.cause), bind(row.reason);
    bind(row.candidate_id), bind(row.newest_before), bind(row.approved), bind(row.send_alone), bind(row.cancel_wanted);
    bind(row.empty_look_ups), bind(row.revision), bind(row.result), bind(row.created_at), bind(row.updated_at);
    bind(row.invited_at), bind(row.deadline), bind(row.finished_at), bind(row.settle_until), bind(row.look_again_at);
    bind(row.checksum);
}

/// Whose assessment it is. It stands in two indexes, and hardly ever changes.
using identity_row = std::tuple<std::string, std::string, std::string, long long, std::string>;
constexpr std::string_view identity_columns = "mapping, application_id, test_key, test_id, email";

identity_row identity_of(const assessment_row& row)
{
    return {row.mapping, row.application_id, row.test_key, row.test_id, row.email};
}

/// All the rest of a row.
struct changing_row {
    const assessment_row& row;
};
constexpr std::string_view changing_columns =
    "rule, test_reference, test_name, state, cause, reason, candidate_id, newest_before, approved, send_alone, "
    "cancel_wanted, empty_look_ups, revision, result, created_at, updated_at, invited_at, deadline, finished_at, "
    "settle_until, look_again_at, checksum";

/// In the order of `changing_columns`.
template <class Bind>
void for_each_column(const changing_row& changing, Bind bind)
{
    const auto& row = changing.row;
    bind(row.rule), bind(row.test_reference), bind(row.test_name), bind(row.state), bind(row.cause), bind(row.reason);
    bind(row.candidate_id), bind(row.newest_before), bind(row.approved), bind(row.send_alone), bind(row.cancel_wanted);
    bind(row.empty_look_ups), bind(row.revision), bind(row.result), bind(row.created_at), bind(row.updated_at);
    bind(row.invited_at), bind(row.deadline), bind(row.finished_at), bind(row.settle_until), bind(row.look_again_at);
    bind(row.checksum);
}

/// FNV-1a of all that is stored of an assessment, never 0. A bit that flips on the disk could send an invitation to
/// nobody and then another one, or give one person another one's result, and SQLite does not see it.
long long checksum_of(const assessment_row& row)
{
    std::uint64_t sum = 14'695'981'039'346'656'037U;
    const auto add = [&sum](std::uint64_t part) { sum = (sum ^ part) * 1'099'511'628'211U; };
    for_each_column(row, [&]<class Column>(const Column& column) {
        if constexpr (std::same_as<Column, std::string>) {
            for (const char byte : column)
                add(static_cast<unsigned char>(byte));
            add(column.size()); // so that no value's end passes for the next one's beginning
        } else if (&column != &row.checksum) {
            add(static_cast<std::uint64_t>(column));
        }
    });
    return std::max<long long>(static_cast<long long>(sum >> 1), 1);
}

damaged_value damaged_assessment(long long id, const std::string& what)
{
    return damaged_value("assessment " + std::to_string(id) + ' ' + what);
}

assessment_state state_of(long long id, const std::string& stored_word)
{
    const auto state = assessment_state_from(stored_word);
    if (!state)
        throw damaged_assessment(id, "has the unknown state \"" + printable(stored_word) + '"');
    return *state;
}

assessment assessment_of(long long id, assessment_row&& row)
{
    if (row.checksum != 0 && row.checksum != checksum_of(row))
        throw damaged_assessment(id, "is not as it was stored; if you have changed it yourself, set its checksum to 0");
    assessment result;
    result.id = id;
    result.mapping = std::move(row.mapping);
    result.application_id = std::move(row.application_id);
    result.rule = std::move(row.rule);
    result.test_reference = std::move(row.test_reference);
    result.test_id = row.test_id;
    result.test_name = std::move(row.test_name);
    result.email = std::move(row.email);
    const auto hold = hold_cause_from(row.cause);
    if (!hold)
        throw damaged_assessment(id, "is held for the unknown cause \"" + printable(row.cause) + '"');
    result.state = state_of(id, row.state);
    result.cause = *hold;
    result.reason = std::move(row.reason);
    result.candidate_id = row.candidate_id;
    result.newest_before = row.newest_before;
    result.approved = row.approved != 0;
    result.send_alone = row.send_alone != 0;
    result.cancel_wanted = row.cancel_wanted != 0;
    result.empty_look_ups = static_cast<int>(row.empty_look_ups);
    result.revision = static_cast<int>(row.revision);
    if (row.result != "null")
        result.result = stored_json(row.result);
    result.created_at = time_of(row.created_at);
    result.updated_at = time_of(row.updated_at);
    result.invited_at = optional_time_of(row.invited_at);
    result.deadline = optional_time_of(row.deadline);
    result.finished_at = optional_time_of(row.finished_at);
    result.settle_until = optional_time_of(row.settle_until);
    result.look_again_at = optional_time_of(row.look_again_at);
    result.checksum = row.checksum;
    return result;
}

assessment_row row_of(const assessment& from)
{
    assessment_row row;
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
    row.look_again_at = stored(from.look_again_at);
    return row;
}

/// The checksum is of what comes back.
assessment_row storable(assessment_row row, const database& where)
{
    for_each_column(row, [&]<class Column>(Column& column) {
        if constexpr (std::same_as<Column, std::string>)
            where.make_storable(column);
    });
    row.checksum = checksum_of(row);
    return row;
}

/// That a column is one of these words of ours, which may stand in the text of the statement; true if there are none.
/// For a column that an index begins with.
template <class Word>
std::string is_among(const std::string& column, const std::vector<Word>& words)
{
    std::string list;
    for (const auto word : words)
        list.append(list.empty() ? "'" : ", '").append(to_text(word)).append("'");
    return list.empty() ? "TRUE" : column + " IN (" + list + ')';
}

/// The same for other columns: for a list of words SQLite makes a table each time.
template <class Word>
std::string equals_one_of(const std::string& column, const std::vector<Word>& words)
{
    std::string list;
    for (const auto word : words)
        list.append(list.empty() ? "(" : " OR ").append(column).append(" = '").append(to_text(word)).append("'");
    return list.empty() ? "TRUE" : list + ')';
}

/// That an assessment `a` is not over: not final, or something of it is still to be written back.
const std::string& is_open()
{
    static const auto text =
        "(NOT " + equals_one_of("state", final_states()) +
        " OR EXISTS(SELECT 1 FROM write_backs WHERE assessment_id = a.id AND " +
        equals_one_of("state", std::vector{write_back_state::pending, write_back_state::unconfirmed}) + "))";
    return text;
}

/// One parameter for each of the columns.
std::string places_for(std::string_view all)
{
    std::string list;
    for (std::ptrdiff_t i = 0; i <= std::ranges::count(all, ','); ++i)
        list += (i == 0 ? ":c" : ", :c") + std::to_string(i);
    return list;
}

const std::string insertion =
    "INSERT INTO assessments(" + std::string(columns) + ") VALUES(" + places_for(columns) + ") RETURNING id";

/// SQLite writes each index that one of the named columns stands in, changed or not.
std::string update_of(std::string_view named)
{
    return "UPDATE assessments SET (" + std::string(named) + ") = (" + places_for(named) + ") WHERE id = :id";
}
const std::string update_of_all = update_of(columns);
const std::string update_of_changing = update_of(changing_columns);

} // namespace

template <class... Values>
std::vector<assessment> sql_ledger::read_assessments(const std::string& condition, const Values&... values)
{
    using found_row = std::tuple<long long, assessment_row>;
    std::vector<assessment> found;
    statements_.each<found_row>(
        "SELECT id, " + std::string(columns) + " FROM assessments WHERE " + condition,
        [&](found_row& row) { found.push_back(assessment_of(std::get<0>(row), std::move(std::get<1>(row)))); },
        values...);
    std::ranges::sort(found, {}, &assessment::id); // SQLite would first make a table of all these columns
    return found;
}

std::vector<assessment> sql_ledger::assessments(const assessment_filter& filter)
{
    return guard([&] {
        auto condition = is_among("state", filter.states) + " AND " + equals_one_of("cause", filter.causes);
        // A condition that is not asked for costs an index nothing: it is not there.
        condition += filter.mapping.empty() ? " AND :mapping = ''" : " AND mapping = :mapping";
        condition += filter.application_id.empty() ? " AND :application = ''" : " AND application_id = :application";
        condition += filter.email.empty() ? " AND :email = ''" : " AND email = :email";
        condition += filter.test_id == 0 ? " AND :test = 0" : " AND test_id = :test";
        condition += filter.cancel_wanted ? " AND cancel_wanted <> 0" : "";
        condition += filter.updated_since ? " AND updated_at >= :since" : " AND :since = 0";
        // The first half lets the index of those that are looked at again be used.
        condition += filter.look_again_until ? " AND look_again_at > 0 AND look_again_at <= :until" : " AND :until = 0";
        return read_assessments(condition, filter.mapping, filter.application_id, filter.email, filter.test_id,
                                stored(filter.updated_since), stored(filter.look_again_until));
    });
}

std::optional<assessment> sql_ledger::find_assessment(std::int64_t id)
{
    return guard([&]() -> std::optional<assessment> {
        auto found = read_assessments("id = :id", id);
        if (found.empty())
            return std::nullopt;
        return std::move(found.front());
    });
}

std::vector<followed_assessment> sql_ledger::followed_assessments(const std::set<std::string>& mappings)
{
    using found_row = std::tuple<long long, std::string, long long, long long, std::string, long long>;
    static const auto text =
        "SELECT id, mapping, test_id, candidate_id, state, deadline FROM assessments WHERE " +
        is_among("state", std::vector{assessment_state::invited, assessment_state::started, assessment_state::scoring});
    return guard([&] {
        std::vector<followed_assessment> found;
        statements_.each<found_row>(text, [&](const found_row& row) {
            const auto& [id, mapping, test_id, candidate_id, state, deadline] = row;
            if (mappings.contains(mapping))
                found.push_back({id, test_id, candidate_id, state_of(id, state), optional_time_of(deadline)});
        });
        std::ranges::sort(found, {}, &followed_assessment::id);
        return found;
    });
}

std::set<std::string> sql_ledger::held_applications(const std::string& mapping, const std::vector<hold_cause>& causes)
{
    return guard([&] {
        std::set<std::string> found;
        statements_.each<std::string>(
            "SELECT application_id FROM assessments WHERE state = 'held' AND mapping = :mapping AND " +
                equals_one_of("cause", causes),
            [&](std::string& id) { found.insert(std::move(id)); }, mapping);
        return found;
    });
}

void sql_ledger::save(assessment& changed, std::string_view cause, std::string_view correlation_id)
{
    guard([&] {
        const auto row = storable(row_of(changed), *sql_);
        std::string before;
        if (changed.id == 0) {
            changed.id = statements_.one<long long>(insertion, row);
        } else {
            static const auto known =
                "SELECT state, checksum, " + std::string(identity_columns) + " FROM assessments WHERE id = :id";
            long long stored_checksum = 0;
            identity_row identity;
            std::tie(before, stored_checksum, identity) =
                statements_.one<std::tuple<std::string, long long, identity_row>>(known, changed.id);
            if (stored_checksum != changed.checksum)
                throw ledger_conflict("assessment " + std::to_string(changed.id) +
                                      " was changed by another process since it was read; nothing was stored");
            if (identity == identity_of(row))
                statements_.run(update_of_changing, changing_row{row}, changed.id);
            else
                statements_.run(update_of_all, row, changed.id);
        }
        if (before != row.state) {
            statements_.run("INSERT INTO transitions(assessment_id, at, from_state, to_state, cause, correlation_id) "
                            "VALUES(:a, :t, :f, :s, :c, :x)",
                            changed.id, row.updated_at, before, row.state, cause, correlation_id);
            count_row();
        }
        changed.checksum = row.checksum;
    });
}

std::vector<transition> sql_ledger::transitions(std::int64_t assessment_id)
{
    using transition_row = std::tuple<long long, std::string, std::string, std::string, std::string>;
    return guard([&] {
        std::vector<transition> found;
        statements_.each<transition_row>(
            "SELECT at, from_state, to_state, cause, correlation_id FROM transitions WHERE assessment_id = :id "
            "ORDER BY id",
            [&](const transition_row& row) {
                const auto& [at, from, to, cause, correlation_id] = row;
                found.push_back({time_of(at), from, to, cause, correlation_id});
            },
            assessment_id);
        return found;
    });
}

int sql_ledger::invitations_since(wall_time time)
{
    return guard([&] {
        return static_cast<int>(statements_.one<long long>(
            "SELECT (SELECT count(*) FROM transitions WHERE from_state = 'inviting' AND to_state IN ('invited', "
            "'unconfirmed') AND at >= :since) + (SELECT count(*) FROM assessments WHERE state = 'inviting')",
            stored(time)));
    });
}

bool sql_ledger::has_open_business(const std::string& mapping, const std::string& application_id)
{
    return guard([&] {
        return statements_.one<long long>(
                   "SELECT EXISTS(SELECT 1 FROM assessments a WHERE mapping = :mapping AND application_id = "
                   ":application AND " +
                       is_open() + ")",
                   mapping, application_id) != 0;
    });
}

std::int64_t sql_ledger::count_assessments(assessment_state in)
{
    return guard(
        [&] { return statements_.one<long long>("SELECT count(*) FROM assessments WHERE state = :s", to_text(in)); });
}

} // namespace testdome_sync::sync::relational
