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

bool is_news(const assessment& followed, const candidate& candidate)
{
    const auto state = state_of(candidate);
    const bool deadline_moved =
        candidate.deadline &&
        std::chrono::floor<std::chrono::seconds>(*candidate.deadline) !=
            std::chrono::floor<std::chrono::seconds>(followed.deadline.value_or(wall_time{})); // as the ledger keeps it
    return followed.candidate_id != candidate.id || deadline_moved || is_final(candidate.status) ||
           (state && *state != followed.state);
}

bool apply_candidate(environment& world, bookkeeper& books, intake& intake, assessment& followed,
                     const candidate& candidate, std::string_view cause, const std::string& share_url)
{
    if (!is_news(followed, candidate))
        return false;
    const auto state = state_of(candidate);
    const auto before = followed.state;
    const bool linked_now = followed.candidate_id != candidate.id;
    const bool final_result = state == assessment_state::completed || state == assessment_state::did_not_take;
    auto result = result_with(candidate, share_url);

    std::vector<moved_assessment> moved; // others, by rules that ask for this result
    unit_of_work unit(world.ledger);
    followed.candidate_id = candidate.id;
    if (candidate.deadline)
        followed.deadline = candidate.deadline;
    if (!state || (*state == before && !(final_result && !same_result(followed.result, result)))) {
        books.plan_next_look(followed);
        books.keep(followed);
        unit.commit();
        return linked_now;
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
            moved = intake.reconsider(mapping->settings, followed.application_id);
    }
    unit.commit();
    if (*state != assessment_state::invited) // the caller knows how that came to be
        tell_of_state(world.events, followed, "the invitation was withdrawn at TestDome");
    tell_of(world.events, moved);
    return true;
}

} // namespace testdome_sync::sync
