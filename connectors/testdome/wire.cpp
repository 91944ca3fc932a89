#include "connectors/testdome/wire.hpp"

#include "sync/application.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cmath>

namespace testdome_sync::testdome {
namespace json = boost::json;
namespace {

constexpr int deepest_inner_error = 10;

/// Boost.JSON reads 1e400 as an infinity, and writes that as a word that nobody reads.
void drop_infinities(json::value& value)
{
    if (auto* number = value.if_double(); number && !std::isfinite(*number))
        value = nullptr;
    else if (auto* items = value.if_array())
        for (auto& item : *items)
            drop_infinities(item);
    else if (auto* members = value.if_object())
        for (auto& member : *members)
            drop_infinities(member.value());
}

const json::value* member(const json::object& object, std::string_view name)
{
    const auto* found = object.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

std::string text(const json::object& object, std::string_view name)
{
    const auto* found = member(object, name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string{};
}

std::optional<double> number(const json::object& object, std::string_view name)
{
    const auto* found = member(object, name);
    return found && found->is_number() ? std::optional(found->to_number<double>()) : std::nullopt;
}

std::optional<std::int64_t> whole(const json::object& object, std::string_view name)
{
    const auto* found = member(object, name);
    if (!found)
        return std::nullopt;
    boost::system::error_code error;
    const auto value = found->is_number() ? found->to_number<std::int64_t>(error) : 0;
    return found->is_number() && !error ? std::optional(value) : std::nullopt;
}

bool flag(const json::object& object, std::string_view name)
{
    const auto* found = member(object, name);
    return found && found->is_bool() && found->as_bool();
}

std::int64_t test_of(const json::object& row)
{
    if (const auto* nested = member(row, "test"); nested && nested->is_object())
        return whole(nested->as_object(), "id").value_or(0);
    return whole(row, "testId").value_or(0);
}

/// The date of the last activity: the nearest thing to a time of completion that the API has.
std::optional<sync::wall_time> last_activity(const json::object& row)
{
    std::optional<sync::wall_time> last;
    const auto* activities = member(row, "activities");
    if (!activities || !activities->is_array())
        return last;
    for (const auto& activity : activities->as_array()) {
        const auto when = activity.is_object() ? sync::time_from(text(activity.as_object(), "date")) : std::nullopt;
        if (when && (!last || *last < *when))
            last = when;
    }
    return last;
}

} // namespace

std::optional<json::value> json_from(std::string_view body, json::storage_ptr memory)
{
    boost::system::error_code error;
    auto value = json::parse(body, error, std::move(memory));
    if (error)
        return std::nullopt;
    drop_infinities(value);
    return value;
}

std::optional<page> page_from(std::string_view body, std::int64_t skip, std::int64_t top)
{
    auto held = std::make_shared<page::records>(2 * body.size());
    auto value = json_from(body, &held->memory);
    if (!value || !value->is_object())
        return std::nullopt;
    auto& object = value->as_object();
    auto* rows = object.if_contains("value");
    if (!rows || !rows->is_array())
        return std::nullopt;
    held->rows = std::move(rows->as_array());
    page made{std::move(held), whole(object, "totalCount")};
    const auto seen = skip + static_cast<std::int64_t>(made.rows().size());
    if (const auto* more = member(object, "hasMoreItems"); more && more->is_bool())
        made.has_more = more->as_bool();
    else
        made.has_more = made.total ? seen < *made.total : static_cast<std::int64_t>(made.rows().size()) >= top;
    made.has_more = made.has_more && !made.rows().empty();
    return made;
}

std::optional<sync::test> test_from(const json::value& row)
{
    if (!row.is_object())
        return std::nullopt;
    const auto id = whole(row.as_object(), "id");
    if (!id)
        return std::nullopt;
    return sync::test{*id, text(row.as_object(), "name"), flag(row.as_object(), "archived")};
}

sync::candidate_status status_from(std::string_view word)
{
    using enum sync::candidate_status;
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (const auto known : {sending_invitation, invited, started, paused, completed, did_not_take, canceled})
        if (std::ranges::equal(sync::to_text(known), word, {}, lower, lower))
            return known;
    return unknown;
}

std::optional<sync::candidate> candidate_from(const std::shared_ptr<const json::value>& value)
{
    if (!value->is_object())
        return std::nullopt;
    const auto& row = value->as_object();
    const auto id = whole(row, "id");
    if (!id)
        return std::nullopt;
    sync::candidate made;
    made.id = *id;
    made.test_id = test_of(row);
    made.email = sync::normalized_email(text(row, "email"));
    made.status = status_from(text(row, "status"));
    made.score = number(row, "score");
    made.max_score = number(row, "maxScore");
    const auto* override = member(row, "passedOverride");
    made.passed = override && override->is_bool() ? override->as_bool() : flag(row, "passed");
    // A flag by the guide, a count on tests: either says that answers wait.
    made.needs_scoring = flag(row, "needsScoring") || whole(row, "needsScoring").value_or(0) > 0;
    made.possible_cheating = flag(row, "possibleCheating");
    made.time_taken_seconds = whole(row, "timeTaken").value_or(0);
    made.deadline = sync::time_from(text(row, "deadline"));
    if (sync::is_final(made.status)) {
        made.completed_at = last_activity(row);
        made.raw = value;
    }
    return made;
}

std::optional<invite_body> invite_answer_from(std::string_view body)
{
    const auto value = json_from(body);
    if (!value || !value->is_object())
        return std::nullopt;
    const auto* failed = value->as_object().if_contains("failedEmails");
    if (!failed)
        return std::nullopt;
    invite_body made;
    if (failed->is_null())
        return made;
    if (!failed->is_array())
        return std::nullopt;
    for (const auto& email : failed->as_array()) {
        if (!email.is_string())
            return std::nullopt;
        made.failed_emails.push_back(sync::normalized_email(email.as_string()));
    }
    return made;
}

std::string error_codes(std::string_view body)
{
    const auto value = json_from(body);
    const auto* at = value && value->is_object() ? value->as_object().if_contains("error") : nullptr;
    std::string path;
    for (int depth = 0; at && at->is_object() && depth < deepest_inner_error; ++depth) {
        if (const auto code = text(at->as_object(), "code"); !code.empty())
            path += (path.empty() ? "" : "/") + code;
        at = at->as_object().if_contains("innererror");
    }
    return path;
}

} // namespace testdome_sync::testdome
