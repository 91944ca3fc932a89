#include "sync/decisions.hpp"

#include "sync/decide_assessment.hpp"
#include "sync/eraser.hpp"
#include "sync/state_events.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace {

using item = decision_answer::item;

item not_there(std::int64_t id, std::string_view what)
{
    return {std::to_string(id), false,
            "there is no " + std::string(what) + ' ' + std::to_string(id) +
                (what == "assessment" ? "; `testdome-sync list` shows all"
                                      : "; `testdome-sync show` lists those of an assessment")};
}

void record(environment& world, const decision& taken, const item& outcome, std::int64_t assessment_id)
{
    world.ledger.add(decision_record{world.clock.wall(), std::string(to_text(taken.kind)), assessment_id,
                                     outcome.subject, taken.who, taken.why});
}

/// Why a write-back is left as it is, or empty.
std::string reason_not_to_replay(const write_back& about)
{
    switch (about.state) {
    case write_back_state::done: return "it was written; a second time it would be there twice";
    case write_back_state::skipped: return "it was not to be written: " + about.reason;
    case write_back_state::pending: return "it is written by itself";
    case write_back_state::unconfirmed:
        return about.next_attempt_at < write_back_never ? "the HR system is asked by itself whether it was written"
                                                        : "";
    case write_back_state::failed:
    case write_back_state::held: return {};
    }
    return {};
}

} // namespace

std::string_view to_text(decision_kind kind)
{
    switch (kind) {
    case decision_kind::approve: return "approve";
    case decision_kind::hold: return "hold";
    case decision_kind::retry: return "retry";
    case decision_kind::cancel: return "cancel";
    case decision_kind::extend: return "extend";
    case decision_kind::replay: return "replay";
    case decision_kind::pause: return "pause";
    case decision_kind::resume: return "resume";
    case decision_kind::forget: return "forget";
    }
    return "?";
}

std::optional<decision_kind> decision_kind_from(std::string_view text)
{
    using enum decision_kind;
    for (const auto kind : {approve, hold, retry, cancel, extend, replay, pause, resume, forget})
        if (to_text(kind) == text)
            return kind;
    return std::nullopt;
}

bool decision_answer::is_done() const
{
    return std::ranges::all_of(items, &item::done);
}

decision_answer decision_desk::carry_out(const decision& wanted)
{
    decision_answer answer;
    std::vector<application_key> forgotten;
    unit_of_work unit(world_.ledger);
    switch (wanted.kind) {
    case decision_kind::approve:
    case decision_kind::hold:
    case decision_kind::retry:
    case decision_kind::cancel:
    case decision_kind::extend:
        for (const auto id : subjects_of(wanted))
            answer.items.push_back(about_assessment(wanted, id));
        break;
    case decision_kind::replay:
        for (const auto id : wanted.ids)
            answer.items.push_back(replay(wanted, id));
        break;
    case decision_kind::pause:
    case decision_kind::resume: answer.items.push_back(about_mapping(wanted)); break;
    case decision_kind::forget: answer.items = forget(wanted, forgotten); break;
    }
    unit.commit();
    tell(wanted, answer, forgotten);
    return answer;
}

void decision_desk::tell(const decision& taken, const decision_answer& answer,
                         const std::vector<application_key>& forgotten)
{
    for (const auto& one : answer.items)
        if (one.done && taken.kind != decision_kind::forget)
            world_.events.emit("decision.made", cause_of(taken) + ": " + one.text, fields_about(taken, one));
    for (const auto& one : forgotten)
        world_.events.emit("decision.made", cause_of(taken) + ": the person is forgotten",
                           {{"mapping", one.mapping}, {"application", one.id}});
}

std::vector<field> decision_desk::fields_about(const decision& taken, const item& of)
{
    if (taken.kind == decision_kind::pause || taken.kind == decision_kind::resume)
        return {{"mapping", of.subject}};
    const auto id = std::stoll(of.subject);
    const auto written = taken.kind == decision_kind::replay ? world_.ledger.find_write_back(id) : std::nullopt;
    const auto about = world_.ledger.find_assessment(written ? written->assessment_id : id);
    return about ? fields_of(*about) : std::vector<field>{};
}

std::vector<std::int64_t> decision_desk::subjects_of(const decision& wanted)
{
    if (!wanted.all)
        return wanted.ids;
    std::vector<std::int64_t> ids;
    for (const auto& held : world_.ledger.assessments({.states = {assessment_state::held},
                            .causes = {hold_cause::approval, hold_cause::poll_limit, hold_cause::day_limit}}))
        ids.push_back(held.id);
    return ids;
}

item decision_desk::about_assessment(const decision& wanted, std::int64_t id)
{
    auto found = world_.ledger.find_assessment(id);
    if (!found)
        return not_there(id, "assessment");
    auto outcome = decide_assessment(world_, books_, wanted, std::move(*found));
    if (outcome.done)
        record(world_, wanted, outcome, id);
    return outcome;
}

item decision_desk::replay(const decision& wanted, std::int64_t id)
{
    auto found = world_.ledger.find_write_back(id);
    if (!found)
        return not_there(id, "write-back");
    item outcome{std::to_string(id), false, reason_not_to_replay(*found)};
    if (!outcome.text.empty())
        return outcome;
    if (found->state == write_back_state::held) {
        if (auto problem = books_.render_again(*found); !problem.empty())
            return {outcome.subject, false, std::move(problem)};
        world_.ledger.save_argument(*found);
    }
    found->state = write_back_state::pending;
    found->reason.clear();
    found->attempts = 0;
    found->next_attempt_at = found->updated_at = world_.clock.wall();
    world_.ledger.save(*found);
    outcome = {outcome.subject, true, found->action + " is written once more"};
    record(world_, wanted, outcome, found->assessment_id);
    return outcome;
}

item decision_desk::about_mapping(const decision& wanted)
{
    const bool pause = wanted.kind == decision_kind::pause;
    if (!world_.find_mapping(wanted.subject))
        return {wanted.subject, false, "there is no mapping of this name; `testdome-sync status` shows all"};
    auto record_of = world_.ledger.find_mapping(wanted.subject);
    if (record_of.paused == pause)
        return {wanted.subject, false, pause ? "it is paused already" : "it is not paused"};
    record_of.paused = pause;
    world_.ledger.save(record_of);
    item outcome{wanted.subject, true,
                 pause ? "its HR system is neither asked nor told anything, and nobody is invited, until `resume`"
                       : "goes on"};
    record(world_, wanted, outcome, 0);
    return outcome;
}

std::vector<item> decision_desk::forget(const decision& wanted, std::vector<application_key>& forgotten)
{
    const auto email = normalized_email(wanted.subject);
    const auto open = open_business_of(world_.ledger, email);
    if (!open.empty()) {
        std::vector<item> items;
        for (const auto& one : open)
            items.push_back(
                {std::to_string(one.id), false,
                 "it is " + std::string(to_text(one.state)) +
                     (is_final(one.state) ? ", and the HR system is still to be told; wait, or correct what `show` says"
                                          : "; `cancel` it, or wait until it has ended")});
        return items;
    }
    eraser rubber(world_.ledger, world_.random);
    forgotten = rubber.forget_person(email);
    item outcome{"person", !forgotten.empty(),
                 !forgotten.empty() ? "is forgotten in " + std::to_string(forgotten.size()) +
                                          " application(s); an invitation to the same tests asks for approval first"
                                    : "nobody with this address is known"};
    if (outcome.done)
        record(world_, wanted, outcome, 0);
    return {outcome};
}

} // namespace testdome_sync::sync
