#include "sync/inviter.hpp"

#include "sync/documents.hpp"
#include "sync/results.hpp"
#include "sync/state_events.hpp"

#include <algorithm>
#include <set>
#include <tuple>

namespace testdome_sync::sync {
namespace asio = boost::asio;

/// People who can be invited by one request: same test, same words, same deadline.
struct inviter::order {
    invitation_batch batch;
    std::vector<assessment> assessments{}; ///< in the order of `batch.emails`
};

namespace {

const config::rule* rule_of(const environment& world, const assessment& assessment)
{
    const auto* mapping = world.find_mapping(assessment.mapping);
    if (!mapping)
        return nullptr;
    const auto found = std::ranges::find(mapping->settings.rules, assessment.rule, &config::rule::name);
    return found == mapping->settings.rules.end() ? nullptr : &*found;
}

wall_time day_of(wall_time time)
{
    return std::chrono::floor<std::chrono::days>(time);
}

} // namespace

std::map<std::int64_t, std::vector<inviter::invitee>> inviter::planned_by_test()
{
    std::map<std::int64_t, std::vector<invitee>> by_test;
    std::map<std::string, bool> paused; // as far as anybody asks
    const auto is_paused = [&](const std::string& mapping) {
        const auto [known, is_new] = paused.try_emplace(mapping, false);
        if (is_new)
            known->second = world_.is_paused(mapping);
        return known->second;
    };
    for (auto& planned : world_.ledger.assessments({.states = {assessment_state::planned}}))
        if (rule_of(world_, planned) && !is_paused(planned.mapping))
            by_test[planned.test_id].push_back({planned.id, std::move(planned.email)});
    return by_test;
}

asio::awaitable<result<inviter::known_candidates>> inviter::look_up(std::int64_t test_id,
                                                                    const std::vector<invitee>& planned)
{
    std::set<std::string> emails;
    for (const auto& one : planned)
        emails.insert(one.email);
    auto found = co_await world_.platform.find(test_id, std::vector<std::string>(emails.begin(), emails.end()));
    if (!found)
        co_return found.error();
    known_candidates known;
    for (auto& candidate : *found)
        known[candidate.email].push_back(std::move(candidate));
    co_return known;
}

std::vector<inviter::intention> inviter::intentions_of(std::span<const invitee> planned, const known_candidates& known)
{
    static const std::vector<candidate> nobody;
    std::vector<intention> intended;
    for (const auto& before : planned) {
        // A poll may have changed it while TestDome was asked.
        auto now = world_.ledger.find_assessment(before.id);
        const auto* rule = now ? rule_of(world_, *now) : nullptr;
        if (!rule || now->state != assessment_state::planned || now->email != before.email)
            continue;
        const auto candidates = known.find(now->email);
        auto found = find_precedent(world_, *now, rule->repeat, candidates == known.end() ? nobody : candidates->second,
                                    books_.may_be_done_already(*now));
        intended.push_back({std::move(*now), std::move(found)});
    }
    return intended;
}

/// Whoever was planned by a rule that is gone, and wasn't selected anew by the first poll under the new rules (the
/// application is no longer listed), must not wait unseen.
void inviter::hold_orphans()
{
    auto orphans = world_.ledger.assessments({.states = {assessment_state::planned}});
    std::erase_if(orphans, [&](const assessment& planned) {
        const auto* mapping = world_.find_mapping(planned.mapping);
        return !mapping || rule_of(world_, planned) ||
               world_.ledger.find_mapping(planned.mapping).rules_fingerprint != fingerprint_of(mapping->settings);
    });
    if (orphans.empty())
        return;
    unit_of_work unit(world_.ledger);
    for (auto& planned : orphans)
        books_.hold(planned, hold_cause::rule,
                    "rule \"" + planned.rule +
                        "\" is gone from the mapping, and the HR system lists the application no more");
    unit.commit();
    for (const auto& one : orphans)
        tell_of_state(world_.events, one);
}

asio::awaitable<result<void>> inviter::invite_planned()
{
    if (books_.restored() && world_.clock.wall() < books_.restored()->until)
        co_return result<void>{};
    release_day_limit();
    hold_orphans();
    const auto all = planned_by_test();
    for (const auto& [test_id, planned] : all) {
        if (stopping_)
            break;
        const auto known = co_await look_up(test_id, planned);
        if (!known)
            co_return known.error();
        const auto at_once = world_.people_at_once;
        for (std::size_t first = 0; first < planned.size() && !stopping_; first += at_once) {
            const auto some = std::span(planned).subspan(first, std::min(at_once, planned.size() - first));
            auto invited = co_await invite(intentions_of(some, *known));
            if (!invited)
                co_return invited.error();
        }
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> inviter::invite(std::vector<intention> intended)
{
    std::vector<assessment> wanted;
    for (auto& one : intended) {
        if (one.found.found == precedent::kind::none) {
            one.assessment.newest_before = one.found.newest_candidate;
            wanted.push_back(std::move(one.assessment));
        } else {
            follow_precedent(one);
        }
    }
    auto orders = orders_of(within_day_limit(std::move(wanted)));
    for (auto& batch : orders) {
        if (stopping_ || !begin(batch))
            continue;
        auto sent = co_await send(std::move(batch));
        if (!sent)
            co_return sent.error();
    }
    co_return result<void>{};
}

asio::awaitable<result<std::vector<inviter::intention>>> inviter::intentions()
{
    std::vector<intention> all;
    auto left =
        world_.settings.limits.invitations_per_day - world_.ledger.invitations_since(day_of(world_.clock.wall()));
    const auto planned_of = planned_by_test();
    for (const auto& [test_id, planned] : planned_of) {
        const auto known = co_await look_up(test_id, planned);
        if (!known)
            co_return known.error();
        for (auto& one : intentions_of(planned, *known)) {
            one.over_limit = one.found.found == precedent::kind::none && !one.assessment.approved && --left < 0;
            all.push_back(std::move(one));
        }
    }
    co_return all;
}

void inviter::release_day_limit()
{
    const auto today = day_of(world_.clock.wall());
    auto released = world_.ledger.assessments({.states = {assessment_state::held}, .causes = {hold_cause::day_limit}});
    std::erase_if(released, [&](const assessment& held) { return day_of(held.updated_at) >= today; });
    if (released.empty())
        return;
    unit_of_work unit(world_.ledger);
    for (auto& held : released) {
        held.reason.clear();
        books_.move(held, assessment_state::planned, "a new day begins");
    }
    unit.commit();
    for (const auto& one : released)
        tell_of_state(world_.events, one, "a new day begins");
}

std::vector<assessment> inviter::within_day_limit(std::vector<assessment> wanted)
{
    const auto limit = world_.settings.limits.invitations_per_day;
    auto left = limit - world_.ledger.invitations_since(day_of(world_.clock.wall()));
    std::vector<assessment> allowed;
    std::vector<assessment> beyond;
    for (auto& one : wanted)
        (one.approved || left-- > 0 ? allowed : beyond).push_back(std::move(one));
    if (beyond.empty())
        return allowed;
    unit_of_work unit(world_.ledger);
    for (auto& one : beyond)
        books_.hold(one, hold_cause::day_limit,
                    "invitations_per_day: " + std::to_string(limit) + " is reached; goes on tomorrow (UTC) by itself");
    unit.commit();
    world_.events.emit("limit.reached",
                       std::to_string(beyond.size()) +
                           " people wait until tomorrow: invitations_per_day: " + std::to_string(limit),
                       {{"held", std::to_string(beyond.size())}});
    for (const auto& one : beyond)
        world_.events.emit_in_detail("assessment.held", one.reason, fields_of(one));
    return allowed;
}

void inviter::follow_precedent(const intention& intended)
{
    auto assessment = intended.assessment;
    if (intended.found.found == precedent::kind::wait) {
        if (intended.found.earlier)
            hold_behind(assessment, *intended.found.earlier);
        return;
    }
    if (intended.found.found == precedent::kind::adopt) {
        const auto& existing = *intended.found.existing;
        assessment.invited_at = world_.clock.wall();
        if (apply_candidate(world_, books_, selector_, assessment, existing, "invited before, not by us"))
            world_.events.emit("invitation.adopted", "was invited to this test before; nothing is paid",
                               fields_of(assessment));
        return;
    }
    if (intended.found.found == precedent::kind::forgotten)
        return hold(assessment, hold_cause::forgotten,
                    "this person was invited to this test before, and was forgotten since; `approve` invites, and "
                    "pays, again");
    const auto& earlier = *intended.found.earlier;
    unit_of_work unit(world_.ledger);
    assessment.candidate_id = earlier.candidate_id;
    assessment.invited_at = earlier.invited_at;
    assessment.deadline = earlier.deadline;
    assessment.result = earlier.result;
    assessment.look_again_at = earlier.look_again_at;
    books_.move(assessment, earlier.state, "assessment " + std::to_string(earlier.id) + " of the same person counts");
    unit.commit();
    world_.events.emit("invitation.adopted", "an earlier invitation of the same person counts; nothing is paid",
                       fields_of(assessment));
}

/// Whoever waits for somebody who waits for a person waits for a person.
void inviter::hold_behind(assessment& waiting, const assessment& held)
{
    hold(waiting, held.cause,
         "an earlier assessment of the same person (" + std::to_string(held.id) + ") is held: " + held.reason);
}

void inviter::hold(assessment& wanted, hold_cause cause, std::string reason)
{
    unit_of_work unit(world_.ledger);
    books_.hold(wanted, cause, std::move(reason));
    unit.commit();
    tell_of_state(world_.events, wanted);
}

std::vector<inviter::order> inviter::orders_of(std::vector<assessment> wanted)
{
    const auto now = world_.clock.wall();
    std::vector<order> orders;
    std::map<std::tuple<std::string, std::string, bool, wall_time>, std::size_t> open; // the last order of each kind
    for (auto& one : wanted) {
        const auto* rule = rule_of(world_, one);
        if (!rule)
            continue;
        // Whole minutes, so that people of one pass share a request.
        one.deadline = std::chrono::ceil<std::chrono::minutes>(now + rule->invitation.deadline);
        const auto message = message_for(one, rule->invitation.message);
        if (!message)
            continue;
        const auto key = std::tuple(*message, rule->invitation.reply_to, rule->invitation.proctoring, *one.deadline);
        const auto last = open.find(key);
        const bool joins = !one.send_alone && last != open.end() &&
                           orders[last->second].assessments.size() < world_.platform.batch_size();
        if (!joins) {
            orders.push_back(
                {{one.test_id, {}, *one.deadline, *message, rule->invitation.reply_to, rule->invitation.proctoring},
                 {}});
            if (!one.send_alone)
                open[key] = orders.size() - 1;
        }
        auto& chosen = joins ? orders[last->second] : orders.back();
        chosen.batch.emails.push_back(one.email);
        chosen.assessments.push_back(one);
    }
    return orders;
}

std::optional<std::string> inviter::message_for(assessment& wanted, const config::text_template& message)
{
    const auto stored = world_.ledger.find_application(wanted.mapping, wanted.application_id);
    if (!stored)
        return std::nullopt;
    const auto text = message.render(with_assessment(stored->document, wanted));
    if (text)
        return *text;
    hold(wanted, hold_cause::message,
         "the message can't be made: " + message.where().text() + ": " + printable(text.error().reason));
    return std::nullopt;
}

bool inviter::begin(order& batch)
{
    unit_of_work unit(world_.ledger);
    order still{batch.batch, {}};
    still.batch.emails.clear();
    for (const auto& wanted : batch.assessments) {
        auto assessment = world_.ledger.find_assessment(wanted.id);
        if (!assessment || assessment->state != assessment_state::planned || assessment->email != wanted.email)
            continue;
        assessment->deadline = wanted.deadline;
        assessment->newest_before = wanted.newest_before;
        books_.move(*assessment, assessment_state::inviting, "sending the invitation");
        still.batch.emails.push_back(assessment->email);
        still.assessments.push_back(std::move(*assessment));
    }
    unit.commit();
    batch = std::move(still);
    return !batch.assessments.empty();
}

asio::awaitable<result<void>> inviter::send(order batch)
{
    auto request = batch.batch;
    const auto answer = co_await world_.platform.invite(std::move(request));
    settle(batch, answer);
    // A refusal is about these addresses and settled with them; everything else is about TestDome or the account.
    if (!answer && answer.error().code != errc::refused)
        co_return answer.error();
    co_return result<void>{};
}

void inviter::settle(const order& batch, const result<invitation_answer>& answer)
{
    std::vector<assessment> settled;
    unit_of_work unit(world_.ledger);
    for (const auto& sent : batch.assessments) {
        auto found = world_.ledger.find_assessment(sent.id);
        if (!found)
            continue;
        settle_one(*found, answer, batch.assessments.size() == 1);
        settled.push_back(std::move(*found));
    }
    unit.commit();
    for (const auto& one : settled)
        if (one.state == assessment_state::planned) // testdome.failed tells it; each attempt of each would fill the log
            world_.events.emit_unchanged("assessment.planned", "was not invited, and still is to be", fields_of(one));
        else
            tell_of_state(world_.events, one);
}

void inviter::settle_one(assessment& sent, const result<invitation_answer>& answer, bool alone)
{
    if (answer) {
        if (std::ranges::count(answer->refused, sent.email) > 0) {
            sent.reason = "TestDome did not take the address";
            books_.move(sent, assessment_state::refused, sent.reason, answer->correlation_id);
            return;
        }
        sent.invited_at = world_.clock.wall();
        sent.reason.clear();
        books_.move(sent, assessment_state::invited, "TestDome took the invitation", answer->correlation_id);
        return;
    }
    const auto& error = answer.error();
    if (error.code == errc::outcome_unknown) {
        sent.settle_until = world_.clock.wall() + world_.settings.testdome.settle;
        sent.empty_look_ups = 0;
        books_.move(sent, assessment_state::unconfirmed, printable(error.detail));
    } else if (error.code == errc::refused && alone) {
        books_.hold(sent, hold_cause::refused, "TestDome refused the invitation: " + printable(error.detail));
    } else {
        sent.send_alone = error.code == errc::refused;
        books_.move(sent, assessment_state::planned, "not invited: " + printable(error.detail));
    }
}

} // namespace testdome_sync::sync
