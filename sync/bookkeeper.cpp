#include "sync/bookkeeper.hpp"

#include "sync/documents.hpp"
#include "sync/state_events.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

/// Scores and passes can be changed afterwards by a person at TestDome: a result is looked at once a day for a
/// fortnight.
constexpr std::chrono::hours revision_interval{24};
constexpr std::chrono::hours revision_window{24 * 14};

/// The write-back event that having reached its state is, or empty.
std::string event_of(const assessment& moved)
{
    if (moved.cause == hold_cause::intake)
        return {}; // nothing that a person is to see
    switch (moved.state) {
    case assessment_state::planned:
    case assessment_state::inviting:
    case assessment_state::unconfirmed:
    case assessment_state::scoring: return {};
    case assessment_state::held:
    case assessment_state::invited:
    case assessment_state::started:
    case assessment_state::completed:
    case assessment_state::did_not_take:
    case assessment_state::canceled:
    case assessment_state::refused: return std::string(to_text(moved.state));
    }
    return {};
}

/// Renders one action into a write-back; what can't be rendered is held with the reason, never sent half made.
std::optional<write_back> rendered(const config::write_back_action& action, const config::jq_document& document)
{
    write_back made;
    made.action = action.name;
    if (action.when) {
        const auto answer = action.when->test(document);
        if (answer && !*answer)
            return std::nullopt;
        if (!answer) {
            made.state = write_back_state::held;
            made.reason = "`when` of " + action.where.text() + ": " + printable(answer.error().reason);
            return made;
        }
    }
    auto argument = action.argument.render(document);
    if (argument) {
        made.argument = std::move(*argument);
    } else {
        made.state = write_back_state::held;
        made.reason = action.where.text() + ": " + printable(argument.error().reason);
    }
    return made;
}

} // namespace

void bookkeeper::move(assessment& changed, assessment_state to, std::string_view cause, std::string_view correlation_id)
{
    changed.state = to;
    changed.updated_at = world_.clock.wall();
    if (to != assessment_state::held)
        changed.cause = hold_cause::none;
    if (is_final(to) && !changed.finished_at)
        changed.finished_at = changed.updated_at;
    if (!changed.look_again_at) // who takes over an earlier result takes over its next look
        plan_next_look(changed);
    world_.ledger.save(changed, cause, correlation_id);
    if (const auto event = event_of(changed); !event.empty())
        add_write_backs(changed, event);
    if (is_final(to))
        forget_raw_if_done(changed.mapping, changed.application_id);
}

bool bookkeeper::hold(assessment& changed, hold_cause cause, std::string reason)
{
    const bool held_for_that_already =
        changed.id != 0 && changed.state == assessment_state::held && changed.reason == reason;
    if (held_for_that_already)
        return false;
    changed.cause = cause;
    changed.reason = std::move(reason);
    move(changed, assessment_state::held, changed.reason);
    return true;
}

void bookkeeper::keep(assessment& changed)
{
    changed.updated_at = world_.clock.wall();
    world_.ledger.save(changed, {});
}

void bookkeeper::plan_next_look(assessment& looked_at) const
{
    const auto now = world_.clock.wall();
    const bool may_change = looked_at.state == assessment_state::completed && looked_at.candidate_id != 0 &&
                            now - looked_at.finished_at.value_or(now) < revision_window;
    looked_at.look_again_at = may_change ? std::optional(now + revision_interval) : std::nullopt;
}

void bookkeeper::revise(assessment& changed, json::object result)
{
    result["revised"] = true;
    changed.result = std::move(result);
    ++changed.revision;
    changed.updated_at = world_.clock.wall();
    plan_next_look(changed);
    world_.ledger.save(changed, "result revised");
    add_write_backs(changed, "completed");
}

void bookkeeper::add_write_backs(const assessment& changed, const std::string& event)
{
    const auto* mapping = world_.find_mapping(changed.mapping);
    if (!mapping)
        return;
    const auto actions = mapping->settings.write_back.find(event);
    if (actions == mapping->settings.write_back.end())
        return;
    auto stored = world_.ledger.find_application(changed.mapping, changed.application_id);
    if (!stored)
        return;
    const bool closed = is_closed(stored->document);
    const bool done_already = may_be_done_already(changed);
    const config::jq_document document = with_assessment(std::move(stored->document), changed);
    for (std::size_t position = 0; position < actions->second.size(); ++position) {
        const auto& action = actions->second[position];
        if (closed && action.name != "note")
            continue;
        auto made = rendered(action, document);
        if (!made)
            continue;
        made->assessment_id = changed.id;
        made->mapping = changed.mapping;
        made->event = event;
        made->revision = changed.revision;
        made->position = static_cast<int>(position);
        made->marker = marker_of(changed, event, changed.revision, made->position);
        made->next_attempt_at = made->updated_at = changed.updated_at;
        drop_overtaken(*made);
        if (made->state == write_back_state::pending && done_already)
            made->state = write_back_state::unconfirmed;
        world_.ledger.add(*made);
        if (made->state == write_back_state::held)
            world_.events.emit("writeback.failed", made->action + " is not written: " + made->reason,
                               fields_of(changed));
    }
}

std::string bookkeeper::render_again(write_back& held)
{
    const auto about = world_.ledger.find_assessment(held.assessment_id);
    const auto* mapping = world_.find_mapping(held.mapping);
    const auto stored = about ? world_.ledger.find_application(about->mapping, about->application_id) : std::nullopt;
    if (!mapping || !stored)
        return "mapping \"" + held.mapping + "\" is not configured";
    const auto actions = mapping->settings.write_back.find(held.event);
    const auto position = static_cast<std::size_t>(held.position);
    if (actions == mapping->settings.write_back.end() || position >= actions->second.size() ||
        actions->second[position].name != held.action)
        return "the mapping has no \"" + held.action + "\" at this place under \"" + held.event + "\" any more";
    auto made = rendered(actions->second[position], with_assessment(stored->document, *about));
    if (!made)
        return "its `when` says that it is not to be written";
    if (made->state == write_back_state::held)
        return made->reason;
    held.argument = std::move(made->argument);
    return {};
}

/// What an earlier revision still wants to write must not arrive after this one's. Notes tell a story and all stay.
void bookkeeper::drop_overtaken(const write_back& newer)
{
    if (newer.revision == 0 || newer.action == "note")
        return;
    for (auto& older : world_.ledger.write_backs_of(newer.assessment_id)) {
        if (older.event != newer.event || older.position != newer.position || older.revision >= newer.revision ||
            older.state != write_back_state::pending)
            continue;
        older.state = write_back_state::skipped;
        older.reason = "a later result replaces it";
        older.updated_at = newer.updated_at;
        world_.ledger.save(older);
    }
}

void bookkeeper::forget_raw_if_done(const std::string& mapping, const std::string& application_id)
{
    if (world_.ledger.has_open_business(mapping, application_id))
        return;
    auto stored = world_.ledger.find_application(mapping, application_id);
    if (!stored || !stored->document.contains("raw"))
        return;
    stored->document.erase("raw");
    world_.ledger.save(*stored);
}

} // namespace testdome_sync::sync
