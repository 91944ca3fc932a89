#include "sync/intake.hpp"

#include "sync/documents.hpp"
#include "sync/rules.hpp"
#include "sync/state_events.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

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

std::vector<application_news> intake::news_in(const config::mapping& mapping, const poll_answer& answer,
                                              const mapping_record& record)
{
    std::vector<application_news> news;
    if (answer.applications.empty())
        return news;
    const auto known = known_to(mapping, record);
    for (const auto& application : answer.applications) {
        auto document = to_document(application);
        auto fingerprint = application.fingerprint.empty() ? sync::fingerprint_of(document) : application.fingerprint;
        if (!known(application.id, fingerprint))
            news.push_back({application, std::move(document), std::move(fingerprint)});
    }
    return news;
}

intake_summary intake::accept(const config::mapping& mapping, const poll_answer& answer,
                              std::vector<application_news> news, mapping_record record)
{
    intake_summary summary;
    summary.seen = static_cast<int>(answer.applications.size()) + answer.unchanged;

    unit_of_work unit(world_.ledger);
    const auto before = world_.ledger.find_mapping(mapping.name);
    record.paused = before.paused; // a person may have decided so at another machine since it was read
    for (auto& one : news)
        selector_.take(mapping, std::move(one), before, summary);
    apply_poll_limit(summary);
    record.rules_fingerprint = fingerprint_of(mapping);
    record.last_count = summary.seen;
    note_health(record, answer, summary.seen);
    // An empty answer moves nothing: if it was a fault (a right withdrawn, an index rebuilt), the next poll still asks
    // for the same window.
    if (summary.seen == 0) {
        record.read_until = std::min(before.read_until, record.read_until); // back, where the clock was wrong
        record.cursor = before.cursor;
    }
    if (!answer.broken.empty())
        record.read_until = look_again_from(before, record);
    world_.ledger.save(record);
    unit.commit();
    tell_of_applications(mapping, summary);
    report(mapping, answer, summary);
    return summary;
}

void intake::apply_poll_limit(intake_summary& summary)
{
    auto& planned = summary.selected;
    const auto limit = world_.settings.limits.invitations_per_poll;
    if (static_cast<int>(planned.size()) <= limit)
        return;
    const auto reason = "one poll selected " + std::to_string(planned.size()) +
                        " applications, more than invitations_per_poll: " + std::to_string(limit) +
                        "; look at them, then approve";
    for (auto& assessment : planned)
        books_.hold(assessment, hold_cause::poll_limit, reason);
    summary.held += static_cast<int>(planned.size());
    summary.planned -= static_cast<int>(planned.size());
}

/// The part of each application's story that this poll is.
void intake::tell_of_applications(const config::mapping& mapping, const intake_summary& summary)
{
    const auto& planned = summary.selected;
    for (const auto& id : summary.found)
        world_.events.emit("application.found", "was not seen before",
                           {{"mapping", mapping.name}, {"application", id}});
    for (const auto& skip : summary.skips)
        world_.events.emit("application.skipped", skip.reason,
                           {{"mapping", mapping.name}, {"application", skip.application_id}});
    tell_of(world_.events, summary.moved);
    const bool limited = !planned.empty() && planned.front().state == assessment_state::held;
    if (limited)
        world_.events.emit("limit.reached", "nobody of this poll is invited: " + planned.front().reason,
                           {{"mapping", mapping.name}, {"held", std::to_string(planned.size())}});
    for (const auto& one : planned)
        if (limited)
            world_.events.emit_in_detail("assessment.held", one.reason, fields_of(one));
        else
            tell_of_state(world_.events, one, cause_of_planning(one));
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
