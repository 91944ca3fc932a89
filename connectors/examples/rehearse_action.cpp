#include "connectors/examples/scene.hpp"

#include <algorithm>

namespace testdome_sync::examples {
namespace {

using written = sync::result<sync::write_outcome>;

written carry_out(stage& on, const action_example& wanted, bool ask_first)
{
    sync::write_order order{wanted.action, wanted.argument, wanted.document, ask_first};
    return run(on.connector().write(std::move(order)));
}

std::string outcome_of(const written& answer)
{
    if (!answer)
        return word_of(answer.error());
    return *answer == sync::write_outcome::done ? "done" : "already_done";
}

std::string detail_of(const written& answer)
{
    return answer ? std::string{} : answer.error().detail;
}

std::size_t accepted(const std::vector<script::change>& changes)
{
    return static_cast<std::size_t>(std::ranges::count_if(changes, &script::change::accepted));
}

bool same_request(const http::request& one, const http::request& other)
{
    return one.method == other.method && one.url == other.url && one.body == other.body;
}

/// The action is carried out, and its answer lost. False (and a problem) if it isn't in doubt then.
bool lose_the_answer(scene& of, const action_example& wanted, const script::change& own)
{
    stage on(of, of.one.exchanges, of.one.where);
    on.network().lose_answer_to(own.exchange);
    const auto lost = carry_out(on, wanted, wanted.ask_first);
    if (!lost && lost.error().code == sync::errc::outcome_unknown)
        return true;
    of.found.add(wanted.again_where,
                 "without an answer the outcome is " + outcome_of(lost) + " instead of outcome_unknown");
    return false;
}

/// What the engine does afterwards, in a program that has started anew, must not have a second effect.
void do_it_again(scene& of, const action_example& wanted, const script::change& own)
{
    stage on(of, wanted.again, wanted.again_where);
    const auto answer = carry_out(on, wanted, true);
    if (on.network().has_left_the_example())
        return;
    const auto told = outcome_of(answer) + (answer ? "" : " (" + detail_of(answer) + ')');
    const auto& after = on.network().changes();
    if (on.connector().repeats(wanted.action) == sync::repeatability::idempotent) {
        if (!answer || after.empty() || !same_request(own.sent, after.back().sent))
            of.found.add(wanted.again_where,
                         "the action is idempotent, but \"again\" doesn't end with the same request: " + told);
    } else if (accepted(after) > 0 || (answer && *answer == sync::write_outcome::done)) {
        of.found.add(wanted.again_where,
                     "the action is carried out twice: " + (after.empty() ? told : http::printable(after.back().sent)));
    } else if (!answer || *answer != sync::write_outcome::already_done) {
        of.found.add(wanted.again_where, "after the doubt the outcome is " + told + " instead of already_done");
    }
}

/// What is known of an action that went well.
struct carried_out {
    sync::repeatability repeats;
    std::optional<script::change> own; ///< its request; nothing if none changed anything
};

void rehearse_repetition(scene& of, const action_example& wanted, const carried_out& before)
{
    const auto repeats = before.repeats;
    const bool uncertain = repeats == sync::repeatability::uncertain;
    if (wanted.repeat == repetition::never && !uncertain)
        of.found.add(wanted.again_where, std::string("the action is ") +
                                             (repeats == sync::repeatability::idempotent ? "idempotent" : "checkable") +
                                             ", so the engine repeats it: write the exchanges of the repetition");
    if (wanted.repeat == repetition::by_exchanges && uncertain)
        of.found.add(
            wanted.again_where,
            "the action is neither idempotent nor has \"already\", so the engine never repeats it: again: never");
    if (wanted.repeat != repetition::by_exchanges || uncertain)
        return;
    if (!before.own)
        of.found.add(wanted.again_where, "no request of this example changes anything, so nothing can be in doubt");
    else if (lose_the_answer(of, wanted, *before.own))
        do_it_again(of, wanted, *before.own);
}

/// The action as it goes when nothing is lost; nothing if something else than the example's requests was sent.
std::optional<carried_out> rehearse_once(scene& of, const action_example& wanted)
{
    stage on(of, of.one.exchanges, of.one.where);
    const auto answer = carry_out(on, wanted, wanted.ask_first);
    if (on.network().has_left_the_example())
        return std::nullopt;
    compare_outcome(of, outcome_of(answer), detail_of(answer));
    const auto& changes = on.network().changes();
    if (accepted(changes) > 1)
        of.found.add(of.one.where, "the action changes the HR system twice");
    if (answer && *answer == sync::write_outcome::done && !changes.empty()) {
        const auto& last = of.one.exchanges[changes.back().exchange];
        if (last.carried_out && !*last.carried_out)
            of.found.add(last.where, "the action is taken for done after an answer that says it was not carried out");
    }
    if (answer && *answer == sync::write_outcome::done)
        of.shown.actions_done.insert(wanted.action);
    // Before the last one there may be others that were certainly not carried out.
    return carried_out{on.connector().repeats(wanted.action),
                       changes.empty() ? std::nullopt : std::optional(changes.back())};
}

} // namespace

void rehearse_action(scene& of, const action_example& wanted)
{
    const auto once = rehearse_once(of, wanted);
    if (!once || wanted.repeat == repetition::not_shown || !of.found.empty())
        return;
    rehearse_repetition(of, wanted, *once);
    if (of.found.empty())
        of.shown.actions_repeated.insert(wanted.action);
}

} // namespace testdome_sync::examples
