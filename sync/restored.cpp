#include "sync/restored.hpp"

#include "sync/application.hpp"
#include "sync/bookkeeper.hpp"

namespace testdome_sync::sync {
namespace {

constexpr auto fact_name = "restored";

/// When the test ended, where TestDome tells it. When we noticed proves nothing.
std::optional<wall_time> end_at_testdome(const assessment& about)
{
    const auto* result = about.result.if_object();
    const auto* ended = result ? result->if_contains("completed_at") : nullptr;
    return is_final(about.state) && ended && ended->is_string() ? time_from(ended->get_string()) : std::nullopt;
}

void doubt_invitations(environment& world, const restoration& restored)
{
    bookkeeper books(world);
    for (auto& one : world.ledger.assessments({.states = {assessment_state::planned, assessment_state::inviting}})) {
        one.settle_until = restored.until;
        one.empty_look_ups = 0;
        books.move(one, assessment_state::unconfirmed, "the ledger was restored from a backup");
    }
}

} // namespace

void mark_restored(environment& world)
{
    unit_of_work unit(world.ledger);
    mark_restored_in_unit(world);
    unit.commit();
}

void mark_restored_in_unit(environment& world)
{
    const auto now = world.clock.wall();
    const restoration restored{now, now + world.settings.testdome.settle};
    doubt_invitations(world, restored);
    world.ledger.doubt_write_backs();
    world.ledger.save_fact(fact_name, {{"at", to_text(restored.at)}, {"until", to_text(restored.until)}});
}

std::optional<restoration> restoration_of(ledger& ledger)
{
    const auto fact = ledger.find_fact(fact_name);
    if (!fact.is_object())
        return std::nullopt;
    const auto at = time_from(fact.at("at").as_string()), until = time_from(fact.at("until").as_string());
    return at && until ? std::optional(restoration{*at, *until}) : std::nullopt;
}

bool happened_before(const restoration& restored, ledger& ledger, const assessment& about)
{
    if (const auto ended = end_at_testdome(about))
        return *ended <= restored.at;
    const auto stored = ledger.find_application(about.mapping, about.application_id);
    if (!stored)
        return true;
    return application_from(stored->document).applied_at.value_or(stored->first_seen) <= restored.at;
}

} // namespace testdome_sync::sync
