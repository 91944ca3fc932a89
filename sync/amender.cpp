#include "sync/amender.hpp"

#include "sync/application.hpp"
#include "sync/decisions.hpp"
#include "sync/state_events.hpp"

#include <utility>
#include <vector>

namespace testdome_sync::sync {
namespace asio = boost::asio;

namespace {

bool is_answered(const result<void>& answer)
{
    return answer || answer.error().code == errc::refused || answer.error().code == errc::not_found;
}

/// Why an invitation is withdrawn: a person's last decision about it, or else its rule.
std::string cause_of_withdrawal(ledger& ledger, const assessment& withdrawn)
{
    const auto decisions = ledger.decisions_of(withdrawn.id);
    for (auto made = decisions.rbegin(); made != decisions.rend(); ++made)
        if (made->kind == to_text(decision_kind::cancel))
            return "withdrawn, as " + made->who + " decided";
    return "`cancel_when` came true";
}

} // namespace

asio::awaitable<result<void>> amender::withdraw()
{
    for (const auto& one : world_.ledger.assessments({.states = {assessment_state::invited}, .cancel_wanted = true})) {
        if (one.candidate_id == 0)
            continue;
        const auto canceled = co_await world_.platform.cancel(one.candidate_id);
        auto current = world_.ledger.find_assessment(one.id);
        if (!current || current->state != assessment_state::invited)
            continue;
        // After an unknown outcome the next collecting shows what became of it.
        if (!is_answered(canceled))
            co_return canceled.error();
        const auto cause = cause_of_withdrawal(world_.ledger, *current);
        unit_of_work unit(world_.ledger);
        current->cancel_wanted = false;
        if (canceled)
            books_.move(*current, assessment_state::canceled, cause);
        else
            books_.keep(*current);
        unit.commit();
        if (canceled)
            world_.events.emit("invitation.canceled", "the invitation was withdrawn: " + cause, fields_of(*current));
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> amender::extend()
{
    for (const auto& wanted : world_.ledger.wanted_extensions()) {
        const auto about = world_.ledger.find_assessment(wanted.assessment_id);
        const bool is_over = !about || is_final(about->state);
        if (!is_over && about->candidate_id == 0)
            continue; // until it is seen at TestDome
        result<void> answer = failure{errc::refused, "the test is over"};
        if (!is_over) {
            std::vector<std::int64_t> candidates(1, about->candidate_id);
            answer = co_await world_.platform.extend(about->test_id, std::move(candidates), wanted.deadline);
        }
        if (!is_answered(answer))
            co_return answer.error();
        settle(wanted, answer);
    }
    co_return result<void>{};
}

void amender::settle(const wanted_extension& told, const result<void>& answer)
{
    auto current = world_.ledger.find_assessment(told.assessment_id);
    unit_of_work unit(world_.ledger);
    world_.ledger.drop_extension(told.assessment_id);
    if (answer && current) {
        current->deadline = told.deadline;
        books_.keep(*current);
    }
    unit.commit();
    if (!current)
        return;
    if (answer)
        world_.events.emit("invitation.extended", "due " + to_text(told.deadline), fields_of(*current));
    else
        world_.events.emit("invitation.not_extended", "the deadline stays: " + printable(answer.error().detail),
                           fields_of(*current));
}

} // namespace testdome_sync::sync
