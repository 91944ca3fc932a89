#include "tests/sandbox/testdome_world.hpp"

#include <algorithm>

// What people do with their invitations, and when.

namespace testdome_sync::sandbox {

void testdome_world::set_behavior(const std::string& email, behavior what, int score)
{
    behaviors_.insert_or_assign(email, std::pair(what, score));
    for (std::size_t i = 0; i < candidates_.size(); ++i)
        if (candidates_[i].email == email)
            schedule(i);
}

void testdome_world::set_pace(const std::string& email, pace how_fast)
{
    paces_[email] = how_fast;
    schedule_all();
}

std::pair<behavior, int> testdome_world::behavior_of(const candidate& one) const
{
    const auto known = behaviors_.find(one.email);
    return known == behaviors_.end() ? std::pair(behavior::passes, 80) : known->second;
}

const pace& testdome_world::pace_of(const candidate& one) const
{
    const auto own = paces_.empty() ? paces_.end() : paces_.find(one.email);
    return own == paces_.end() ? pace_ : own->second;
}

void testdome_world::schedule(std::size_t which)
{
    if (const auto next = next_change_of(candidates_[which]))
        changes_.emplace(*next, which);
}

void testdome_world::schedule_all()
{
    changes_.clear();
    for (std::size_t i = 0; i < candidates_.size(); ++i)
        schedule(i);
}

void testdome_world::let_time_pass()
{
    const auto now = now_();
    while (!changes_.empty() && changes_.begin()->first <= now) {
        const auto which = changes_.begin()->second;
        changes_.erase(changes_.begin());
        let_time_pass_for(candidates_[which], now);
        if (const auto next = next_change_of(candidates_[which]); next && *next > now)
            changes_.emplace(*next, which);
    }
}

std::optional<wall_time> testdome_world::next_change_of(const candidate& one) const
{
    const auto& speed = pace_of(one);
    const auto what = behavior_of(one).first;
    if (one.status == "completed")
        return one.needs_scoring ? std::optional(one.invited_at + speed.scored) : std::nullopt;
    if (one.status == "canceled" || one.status == "didNotTake")
        return std::nullopt;
    const bool takes_it = what == behavior::passes || what == behavior::fails || what == behavior::needs_scoring;
    if (takes_it && one.status == "started")
        return one.invited_at + speed.finishes;
    auto next = one.deadline;
    const auto starts = one.invited_at + speed.starts;
    if ((takes_it || what == behavior::abandons) && one.status == "invited" && starts < one.deadline)
        next = starts;
    if (what == behavior::never_takes && !speed.at_deadline)
        next = std::min(next, one.invited_at + speed.gives_up);
    return next;
}

void testdome_world::let_time_pass_for(candidate& one, wall_time now) const
{
    if (one.status == "canceled" || one.status == "didNotTake" || (one.status == "completed" && !one.needs_scoring))
        return;
    const auto [what, score] = behavior_of(one);
    const auto& speed = pace_of(one);
    const auto age = now - one.invited_at;
    const auto become = [&](const char* status) {
        if (one.status != status)
            one.changed_at = now;
        one.status = status;
    };
    if (one.status == "completed") { // and waits for a person, whatever somebody of this address does later
        one.needs_scoring = age < speed.scored;
        one.changed_at = one.needs_scoring ? one.changed_at : now;
        return;
    }
    const bool takes_it = what == behavior::passes || what == behavior::fails || what == behavior::needs_scoring;
    if ((takes_it || what == behavior::abandons) && age >= speed.starts && one.status == "invited" &&
        one.invited_at + speed.starts < one.deadline)
        become("started");
    if (!takes_it || one.status == "invited") {
        const bool late = what == behavior::never_takes && !speed.at_deadline && age >= speed.gives_up;
        if (late || now >= one.deadline)
            become("didNotTake");
        return;
    }
    if (age >= speed.finishes && one.status == "started") {
        become("completed");
        one.score = score;
        one.needs_scoring = what == behavior::needs_scoring && age < speed.scored;
    }
}

} // namespace testdome_sync::sandbox
