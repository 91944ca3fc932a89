#include "sync/precedents.hpp"

#include "sync/pseudonym.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace {

std::vector<assessment> others_of(environment& world, const assessment& one)
{
    auto all = world.ledger.assessments({.email = one.email, .test_id = one.test_id});
    if (const auto former = pseudonym_of(world.ledger, one.email); !former.empty())
        for (auto& erased : world.ledger.assessments({.email = former, .test_id = one.test_id}))
            all.push_back(std::move(erased));
    std::erase_if(all, [&](const assessment& other) { return other.id == one.id; });
    return all;
}

/// Something of this person that may have been paid for, or is about to be, and whose outcome isn't known yet.
bool is_on_its_way(const environment& world, const assessment& other, const assessment& planned)
{
    switch (other.state) {
    // What belongs to a mapping that is no longer configured is never invited, and must not keep others waiting.
    // Nor does a paused one's, before it goes on.
    case assessment_state::planned:
        return other.id < planned.id && world.find_mapping(other.mapping) != nullptr && !world.is_paused(other.mapping);
    case assessment_state::inviting:
    case assessment_state::unconfirmed: return true;
    case assessment_state::invited:
    case assessment_state::started:
    case assessment_state::scoring: return other.candidate_id == 0;
    case assessment_state::held: return other.cause == hold_cause::no_candidate;
    case assessment_state::completed:
    case assessment_state::did_not_take:
    case assessment_state::canceled:
    case assessment_state::refused: return false;
    }
    return false;
}

/// Its result was erased with the person. TestDome may still have it.
bool is_forgotten(const assessment& other)
{
    return is_pseudonym(other.email) && other.state == assessment_state::completed && other.result.is_null();
}

bool counts(const config::repeat_settings& repeat, std::optional<wall_time> when, wall_time now)
{
    switch (repeat.mode) {
    case config::repeat_mode::reuse: return true;
    case config::repeat_mode::after: return !when || now - *when < repeat.after;
    case config::repeat_mode::always: return false;
    }
    return true;
}

bool is_followed(const std::vector<assessment>& others, const candidate& candidate)
{
    return std::ranges::any_of(others, [&](const assessment& other) { return other.candidate_id == candidate.id; });
}

} // namespace

precedent find_precedent(environment& world, const assessment& planned, const config::repeat_settings& repeat,
                         const std::vector<candidate>& candidates, bool may_be_ours)
{
    const auto now = world.clock.wall();
    auto others = others_of(world, planned);
    const bool is_known_no_more = std::ranges::any_of(
        others, [&](const assessment& other) { return is_forgotten(other) && counts(repeat, other.invited_at, now); });
    std::erase_if(others, is_forgotten);
    precedent answer;
    for (const auto& candidate : candidates)
        answer.newest_candidate = std::max(answer.newest_candidate, candidate.id);

    for (const auto& other : others) {
        if (!is_on_its_way(world, other, planned))
            continue;
        answer.found = precedent::kind::wait;
        if (other.state == assessment_state::held)
            answer.earlier = other;
    }
    if (answer.found == precedent::kind::wait)
        return answer;
    for (auto other = others.rbegin(); other != others.rend(); ++other) {
        if (other->candidate_id == 0 || !counts(repeat, other->invited_at, now))
            continue;
        answer.found = precedent::kind::reuse;
        answer.earlier = *other;
        return answer;
    }
    for (const auto& candidate : candidates) {
        if (is_followed(others, candidate))
            continue;
        // With `always` an invitation that somebody made by hand and that is still open is the one for this
        // application.
        const bool open_by_hand = repeat.mode == config::repeat_mode::always && !is_final(candidate.status);
        const auto when = candidate.completed_at ? candidate.completed_at : candidate.deadline;
        if (!may_be_ours && !open_by_hand && !counts(repeat, is_final(candidate.status) ? when : std::nullopt, now))
            continue;
        if (!answer.existing || answer.existing->id < candidate.id)
            answer.existing = candidate;
    }
    if (answer.existing)
        answer.found = precedent::kind::adopt;
    else if (is_known_no_more && !planned.approved)
        answer.found = precedent::kind::forgotten;
    return answer;
}

std::optional<candidate> find_own_candidate(environment& world, const assessment& invited,
                                            const std::vector<candidate>& candidates)
{
    const auto others = others_of(world, invited);
    std::optional<candidate> own;
    for (const auto& candidate : candidates) {
        const bool may_be_ours = candidate.email == invited.email && candidate.id > invited.newest_before &&
                                 (candidate.test_id == 0 || candidate.test_id == invited.test_id);
        if (may_be_ours && !is_followed(others, candidate) && (!own || own->id < candidate.id))
            own = candidate;
    }
    return own;
}

} // namespace testdome_sync::sync
