#include "sync/confirmer.hpp"

#include "sync/precedents.hpp"
#include "sync/results.hpp"
#include "sync/state_events.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace testdome_sync::sync {
namespace asio = boost::asio;

namespace {

/// TestDome's listings may lag: one empty answer proves nothing.
constexpr int empty_look_ups_needed = 2;

} // namespace

void confirmer::recover_interrupted()
{
    unit_of_work unit(world_.ledger);
    auto interrupted = world_.ledger.assessments({.states = {assessment_state::inviting}});
    for (auto& assessment : interrupted) {
        assessment.settle_until = world_.clock.wall() + world_.settings.testdome.settle;
        assessment.empty_look_ups = 0;
        books_.move(assessment, assessment_state::unconfirmed, "the program ended while the invitation was being sent");
    }
    unit.commit();
    for (const auto& one : interrupted)
        world_.events.emit(
            "invitation.unconfirmed",
            "the program ended while the invitation was being sent; it is looked up before anything is repeated",
            fields_of(one));
}

asio::awaitable<result<void>> confirmer::confirm()
{
    std::map<std::int64_t, std::vector<assessment>> by_test;
    // Also those of mappings that are no longer configured: they may have been paid for, and others wait for them.
    for (auto& lost : world_.ledger.assessments({.states = {assessment_state::unconfirmed}}))
        by_test[lost.test_id].push_back(std::move(lost));
    for (const auto& [test_id, all] : by_test) {
        std::set<std::string> emails;
        for (const auto& lost : all)
            emails.insert(lost.email);
        auto found = co_await world_.platform.find(test_id, std::vector<std::string>(emails.begin(), emails.end()));
        if (!found)
            co_return found.error();
        for (const auto& lost : all)
            settle(lost, *found);
    }
    co_return result<void>{};
}

bool confirmer::has_waited(const assessment& lost) const
{
    const bool by_wall_clock = lost.settle_until && world_.clock.wall() >= *lost.settle_until;
    return by_wall_clock &&
           (trusts_wall_clock_ || world_.clock.now() - first_look_.at(lost.id) >= world_.settings.testdome.settle);
}

void confirmer::settle(const assessment& lost, const std::vector<candidate>& found)
{
    auto current = world_.ledger.find_assessment(lost.id);
    if (!current || current->state != assessment_state::unconfirmed)
        return;
    const auto now = world_.clock.wall();
    if (const auto own = find_own_candidate(world_, *current, found)) {
        first_look_.erase(current->id);
        current->invited_at = now;
        current->reason.clear();
        if (apply_candidate(world_, books_, selector_, *current, *own, "found at TestDome"))
            world_.events.emit("invitation.confirmed", "the invitation was found at TestDome", fields_of(*current));
        return;
    }
    unit_of_work unit(world_.ledger);
    ++current->empty_look_ups;
    if (current->settle_until) // else one that was lost while the clock ran ahead would be in doubt for years
        current->settle_until = std::min(*current->settle_until, now + world_.settings.testdome.settle);
    first_look_.try_emplace(current->id, world_.clock.now());
    if (current->empty_look_ups < empty_look_ups_needed || !has_waited(*current)) {
        books_.keep(*current);
        unit.commit();
        return;
    }
    first_look_.erase(current->id);
    current->reason.clear();
    current->settle_until.reset();
    if (current->cancel_wanted) {
        current->cancel_wanted = false;
        books_.move(*current, assessment_state::canceled, "not at TestDome after the settle window, and not wanted");
        unit.commit();
        world_.events.emit("invitation.canceled", "the invitation was not carried out, and is not wanted any more",
                           fields_of(*current));
        return;
    }
    books_.move(*current, assessment_state::planned, "not at TestDome after the settle window: it was not carried out");
    unit.commit();
    world_.events.emit("invitation.confirmed", "the invitation was not carried out; it is planned again",
                       fields_of(*current));
}

} // namespace testdome_sync::sync
