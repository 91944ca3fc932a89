#include "sync/intake.hpp"

#include "sync/documents.hpp"
#include "sync/rules.hpp"
#include "sync/state_events.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace testdome_sync::sync {
namespace asio = boost::asio;
namespace {

/// Until when everything was read. Our clock may be ahead for a while, and whoever applies in a time that it has shown
/// already would be missed; so the HR system's own times count where it tells any.
wall_time mark_after(const std::optional<wall_time>& before, const poll_answer& answer, wall_time asked_at)
{
    if (!answer.newest_change)
        return asked_at;
    return std::min(asked_at, std::max(before.value_or(*answer.newest_change), *answer.newest_change));
}

/// A record that can't be understood today may be tomorrow: the window stays open for it, but not for ever.
std::optional<wall_time> look_again_from(const mapping_record& before, const mapping_record& now)
{
    constexpr std::chrono::hours patience{24 * 7};
    const auto earliest = *now.read_until - patience;
    return std::max(before.read_until.value_or(before.started_at), earliest);
}

/// Until when which trouble has lasted, for the alarms. `record.last_poll` is this poll's.
void note_health(mapping_record& record, const poll_answer& answer, int seen)
{
    const auto first = [&](const std::optional<wall_time>& before) { return before ? before : record.last_poll; };
    record.last_success = record.last_poll;
    record.nothing_since = seen == 0 ? first(record.nothing_since) : std::nullopt;
    record.broken = static_cast<std::int64_t>(answer.broken.size());
    record.broken_since = answer.broken.empty() ? std::nullopt : first(record.broken_since);
}

} // namespace

std::function<bool(const std::string&, const std::string&)> intake::known_to(const config::mapping& mapping,
                                                                             const mapping_record& record)
{
    if (record.rules_fingerprint != fingerprint_of(mapping))
        return [](const std::string&, const std::string&) { return false; };
    return [this, &mapping, due = applications_to_decide_again(world_.ledger, mapping.name)](
               const std::string& id, const std::string& fingerprint) {
        return !due.contains(id) && world_.ledger.find_fingerprint(mapping.name, id) == fingerprint;
    };
}

bool intake::has_news(const config::mapping& mapping, const poll_answer& answer, const mapping_record& record)
{
    if (answer.applications.empty())
        return false;
    const auto is_known = known_to(mapping, record);
    return std::ranges::any_of(answer.applications,
                               [&](const application& one) { return !is_known(one.id, fingerprint_of(one)); });
}

asio::awaitable<intake_summary> intake::accept(const config::mapping& mapping, poll_answer answer,
                                               mapping_record before, wall_time asked_at)
{
    arrival of{mapping, std::move(answer), asked_at, std::move(before)};
    if (!of.answer.applications.empty())
        of.is_known = known_to(mapping, of.before);
    of.summary.seen = static_cast<int>(of.answer.applications.size()) + of.answer.unchanged;
    while (!take_some(of))
        co_await asio::post(asio::use_awaitable);
    tell_of_selected(of);
    report(mapping, of.answer, of.summary);
    co_return std::move(of.summary);
}

bool intake::take_some(arrival& of)
{
    auto& all = of.answer.applications;
    unit_of_work unit(world_.ledger);
    const auto left = all.size() - of.taken;
    const bool are_the_last = left <= world_.people_at_once * 3 / 2; // a unit of a few costs as much as a large one
    const auto end = of.taken + (are_the_last ? left : world_.people_at_once);
    for (; of.taken < end; ++of.taken) {
        auto one = all.take(of.taken);
        auto fingerprint = fingerprint_of(one);
        if (!of.is_known(one.id, fingerprint))
            selector_.take(of.mapping, {one, to_document(one), std::move(fingerprint)}, of.before, of.summary);
    }
    const bool is_whole = of.taken == all.size();
    if (is_whole)
        finish(of);
    else
        hold_until_all_are_taken_in(of);
    unit.commit();
    tell_of_applications(of);
    return is_whole;
}

/// Only the whole poll tells whether they are too many. If it never comes to its end, the next one decides anew.
void intake::hold_until_all_are_taken_in(arrival& of)
{
    for (auto& one : of.summary.selected) {
        books_.hold(one, hold_cause::intake,
                    "the poll that found it was not taken in to its end; the next poll goes on with it");
        of.held_back.push_back(one.id);
    }
    of.summary.selected.clear();
}

void intake::finish(arrival& of)
{
    plan_those_held_back(of);
    apply_poll_limit(of);
    auto record = world_.ledger.find_mapping(of.mapping.name);   // others may have changed it meanwhile
    if (record.rules_fingerprint == of.before.rules_fingerprint) // else somebody wants everything to be read anew
        record.rules_fingerprint = fingerprint_of(of.mapping);
    record.last_count = of.summary.seen;
    record.last_error.clear();
    note_health(record, of.answer, of.summary.seen);
    // An empty answer moves nothing: if it was a fault (a right withdrawn, an index rebuilt), the next poll still asks
    // for the same window.
    const auto mark = mark_after(record.read_until, of.answer, of.asked_at);
    if (of.summary.seen == 0) {
        record.read_until = std::min(record.read_until, std::optional(mark)); // back, where the clock was wrong
    } else {
        record.read_until = mark;
        record.cursor = of.answer.cursor;
    }
    if (!of.answer.broken.empty())
        record.read_until = look_again_from(of.before, record);
    world_.ledger.save(record);
}

/// Unless a person has decided otherwise since.
void intake::plan_those_held_back(arrival& of)
{
    std::erase_if(of.held_back, [&](std::int64_t id) {
        auto now = world_.ledger.find_assessment(id);
        if (!now || now->state != assessment_state::held || now->cause != hold_cause::intake) {
            --of.summary.planned;
            return true;
        }
        now->reason.clear();
        books_.move(*now, assessment_state::planned, cause_of_planning(*now));
        return false;
    });
}

void intake::apply_poll_limit(arrival& of)
{
    auto& summary = of.summary;
    const auto all = static_cast<int>(of.held_back.size() + summary.selected.size());
    const auto limit = world_.settings.limits.invitations_per_poll;
    if (all <= limit)
        return;
    of.over_limit = "one poll selected " + std::to_string(all) +
                    " applications, more than invitations_per_poll: " + std::to_string(limit) +
                    "; look at them, then approve";
    for (const auto id : of.held_back)
        if (auto one = world_.ledger.find_assessment(id))
            books_.hold(*one, hold_cause::poll_limit, of.over_limit);
    for (auto& one : summary.selected)
        books_.hold(one, hold_cause::poll_limit, of.over_limit);
    summary.held += all;
    summary.planned -= all;
}

/// The part of each application's story that this poll is. Of those selected only its end tells what became of them.
void intake::tell_of_applications(arrival& of)
{
    const auto& mapping = of.mapping.name;
    auto& summary = of.summary;
    for (const auto& id : summary.found)
        world_.events.emit("application.found", "was not seen before", {{"mapping", mapping}, {"application", id}});
    for (const auto& skip : summary.skips)
        world_.events.emit("application.skipped", skip.reason,
                           {{"mapping", mapping}, {"application", skip.application_id}});
    tell_of(world_.events, summary.moved);
    summary.found.clear();
    summary.skips.clear();
    summary.moved.clear();
}

void intake::tell_of_selected(const arrival& of)
{
    const bool limited = !of.over_limit.empty();
    const auto all = of.held_back.size() + of.summary.selected.size();
    if (limited)
        world_.events.emit("limit.reached", "nobody of this poll is invited: " + of.over_limit,
                           {{"mapping", of.mapping.name}, {"held", std::to_string(all)}});
    const auto tell = [&](const assessment& one) {
        if (limited)
            world_.events.emit_in_detail("assessment.held", one.reason, fields_of(one));
        else
            tell_of_state(world_.events, one, cause_of_planning(one));
    };
    for (const auto id : of.held_back)
        if (const auto one = world_.ledger.find_assessment(id))
            tell(*one);
    for (const auto& one : of.summary.selected)
        tell(one);
}

void intake::report(const config::mapping& mapping, const poll_answer& answer, const intake_summary& summary)
{
    for (const auto& broken : answer.broken)
        if (told_broken_.insert(mapping.name + '/' + broken.id).second)
            world_.events.emit("application.broken",
                               "a record can't be understood and is held back: " + printable(broken.reason),
                               {{"mapping", mapping.name}, {"application", printable(broken.id)}});
    auto text = std::to_string(summary.seen) + " read, " + std::to_string(summary.fresh) + " new, " +
                std::to_string(summary.planned) + " to invite, " + std::to_string(summary.held) + " held";
    std::vector<field> fields{{"mapping", mapping.name},
                              {"read", std::to_string(summary.seen)},
                              {"new", std::to_string(summary.fresh)},
                              {"planned", std::to_string(summary.planned)},
                              {"held", std::to_string(summary.held)}};
    // The first poll tells that it works; after that, a poll that brings nothing is nothing to read about.
    const bool nothing_new = summary.fresh + summary.planned + summary.held + summary.canceled == 0;
    if (nothing_new && !told_first_.insert(mapping.name).second)
        world_.events.emit_unchanged("poll.done", std::move(text), std::move(fields));
    else
        world_.events.emit("poll.done", std::move(text), std::move(fields));
    told_first_.insert(mapping.name);
}

} // namespace testdome_sync::sync
