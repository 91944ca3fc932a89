#include "sync/results.hpp"

#include "sync/documents.hpp"
#include "sync/state_events.hpp"

namespace testdome_sync::sync {
namespace {

boost::json::object result_with(const candidate& candidate, const std::string& share_url)
{
    auto result = result_document(candidate);
    if (!share_url.empty())
        result["share_url"] = share_url;
    return result;
}

} // namespace

std::optional<assessment_state> state_of(const candidate& candidate)
{
    switch (candidate.status) {
    case candidate_status::sending_invitation:
    case candidate_status::invited: return assessment_state::invited;
    case candidate_status::started:
    case candidate_status::paused: return assessment_state::started;
    case candidate_status::completed:
        return candidate.needs_scoring ? assessment_state::scoring : assessment_state::completed;
    case candidate_status::did_not_take: return assessment_state::did_not_take;
    case candidate_status::canceled: return assessment_state::canceled;
    case candidate_status::unknown: return std::nullopt;
    }
    return std::nullopt;
}

followed_assessment followed_of(const assessment& whole)
{
    return {whole.id, whole.test_id, whole.candidate_id, whole.state, whole.deadline};
}

bool is_news(const followed_assessment& followed, const candidate& candidate)
{
    const auto state = state_of(candidate);
    const bool deadline_moved =
        candidate.deadline &&
        std::chrono::floor<std::chrono::seconds>(*candidate.deadline) !=
            std::chrono::floor<std::chrono::seconds>(followed.deadline.value_or(wall_time{})); // as the ledger keeps it
    return followed.candidate_id != candidate.id || deadline_moved || is_final(candidate.status) ||
           (state && *state != followed.state);
}

candidate_change change_by_candidate(environment& world, bookkeeper& books, selector& selector, assessment& followed,
                                     const candidate& candidate, std::string_view cause, const std::string& share_url)
{
    candidate_change change;
    if (!is_news(followed_of(followed), candidate))
        return change;
    const auto state = state_of(candidate);
    const auto before = followed.state;
    const bool linked_now = followed.candidate_id != candidate.id;
    const bool final_result = state == assessment_state::completed || state == assessment_state::did_not_take;
    auto result = result_with(candidate, share_url);

    followed.candidate_id = candidate.id;
    if (candidate.deadline)
        followed.deadline = candidate.deadline;
    if (!state || (*state == before && !(final_result && !same_result(followed.result, result)))) {
        books.plan_next_look(followed);
        books.keep(followed);
        change.happened = linked_now;
        return change;
    }
    if (*state == before) {
        books.revise(followed, std::move(result));
    } else {
        if (final_result || state == assessment_state::scoring)
            followed.result = std::move(result);
        if (is_final(*state) && candidate.completed_at)
            followed.finished_at = candidate.completed_at;
        books.move(followed, *state, cause);
        if (const auto* mapping = world.find_mapping(followed.mapping);
            mapping && *state == assessment_state::completed)
            change.moved = selector.reconsider(mapping->settings, followed.application_id);
    }
    change.happened = true;
    if (*state != assessment_state::invited)
        change.now = followed;
    return change;
}

void tell_of(event_sink& events, const candidate_change& change)
{
    if (change.now)
        tell_of_state(events, *change.now, "the invitation was withdrawn at TestDome");
    tell_of(events, change.moved);
}

bool apply_candidate(environment& world, bookkeeper& books, selector& selector, assessment& followed,
                     const candidate& candidate, std::string_view cause)
{
    if (!is_news(followed_of(followed), candidate))
        return false;
    unit_of_work unit(world.ledger);
    const auto change = change_by_candidate(world, books, selector, followed, candidate, cause);
    unit.commit();
    tell_of(world.events, change);
    return change.happened;
}

} // namespace testdome_sync::sync
