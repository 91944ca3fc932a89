#include "connectors/examples/scene.hpp"

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

bool same_request(const http::request& one, const http::request& other)
{
    return one.method == other.method && one.url == other.url && one.body == other.body;
}

/// The action is carried out, and its answer lost. The request that did it; nothing (and a problem) if there is none.
std::optional<http::request> lose_the_answer(scene& of, const action_example& wanted)
{
    stage on(of, of.one.exchanges, of.one.where);
    on.network().lose_first_effect();
    const auto lost = carry_out(on, wanted, wanted.ask_first);
    if (on.network().has_lost() && !lost && lost.error().code == sync::errc::outcome_unknown)
        return on.network().effects().front();
    of.found.add(wanted.again_where, "no request of this example changes anything, so nothing can be in doubt");
    return std::nullopt;
}

/// What the engine does afterwards, in a program that has started anew, must not have a second effect.
void do_it_again(scene& of, const action_example& wanted, const http::request& before)
{
    stage on(of, wanted.again, wanted.again_where);
    const auto answer = carry_out(on, wanted, true);
    if (on.network().has_left_the_example())
        return;
    const auto told = outcome_of(answer) + (answer ? "" : " (" + detail_of(answer) + ')');
    const auto& after = on.network().effects();
    if (on.connector().repeats(wanted.action) == sync::repeatability::idempotent) {
        if (!answer || after.size() != 1 || !same_request(before, after.front()))
            of.found.add(wanted.again_where,
                         "the action is idempotent, but \"again\" doesn't end with the same request: " + told);
    } else if (!after.empty()) {
        of.found.add(wanted.again_where, "the action is carried out twice: " + http::printable(after.front()));
    } else if (!answer || *answer != sync::write_outcome::already_done) {
        of.found.add(wanted.again_where, "after the doubt the outcome is " + told + " instead of already_done");
    }
}

void rehearse_repetition(scene& of, const action_example& wanted, sync::repeatability repeats)
{
    const bool uncertain = repeats == sync::repeatability::uncertain;
    if (wanted.repeat == repetition::never && !uncertain)
        of.found.add(wanted.again_where, std::string("the action is ") +
                                             (repeats == sync::repeatability::idempotent ? "idempotent" : "checkable") +
                                             ", so the engine repeats it: write the exchanges of the repetition");
    if (wanted.repeat == repetition::by_exchanges && uncertain)
        of.found.add(
            wanted.again_where,
            "the action is neither idempotent nor has \"already\", so the engine never repeats it: again: never");
    if (wanted.repeat == repetition::by_exchanges && !uncertain)
        if (const auto sent = lose_the_answer(of, wanted))
            do_it_again(of, wanted, *sent);
}

/// The action as it goes when nothing is lost; nothing if something else than the example's requests was sent.
std::optional<sync::repeatability> rehearse_once(scene& of, const action_example& wanted)
{
    stage on(of, of.one.exchanges, of.one.where);
    const auto answer = carry_out(on, wanted, wanted.ask_first);
    if (on.network().has_left_the_example())
        return std::nullopt;
    compare_outcome(of, outcome_of(answer), detail_of(answer));
    if (on.network().effects().size() > 1)
        of.found.add(of.one.where, "the action changes the HR system twice");
    if (answer && *answer == sync::write_outcome::done)
        of.shown.actions_done.insert(wanted.action);
    return on.connector().repeats(wanted.action);
}

} // namespace

void rehearse_action(scene& of, const action_example& wanted)
{
    const auto repeats = rehearse_once(of, wanted);
    if (!repeats || wanted.repeat == repetition::not_shown || !of.found.empty())
        return;
    rehearse_repetition(of, wanted, *repeats);
    if (of.found.empty())
        of.shown.actions_repeated.insert(wanted.action);
}

} // namespace testdome_sync::examples
