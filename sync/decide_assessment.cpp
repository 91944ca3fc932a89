#include "sync/decide_assessment.hpp"

#include "sync/documents.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace {

using item = decision_answer::item;

item done(const assessment& about, std::string text)
{
    return {std::to_string(about.id), true, std::move(text)};
}

item not_done(const assessment& about, std::string text)
{
    return {std::to_string(about.id), false, std::move(text)};
}

std::string state_text(const assessment& about)
{
    auto text = "it is " + std::string(to_text(about.state));
    if (about.state == assessment_state::held)
        text += ": " + about.reason;
    return text;
}

bool waits_for_approval(const assessment& about)
{
    constexpr std::array causes{hold_cause::approval, hold_cause::poll_limit, hold_cause::day_limit, hold_cause::person,
                                hold_cause::forgotten};
    return about.state == assessment_state::held && std::ranges::count(causes, about.cause) > 0;
}

/// Invites from now on, with the address that the HR system has by now.
void plan_again(environment& world, bookkeeper& books, assessment& about, const decision& wanted)
{
    if (const auto stored = world.ledger.find_application(about.mapping, about.application_id))
        if (auto email = email_in(stored->document); is_plausible_email(email))
            about.email = std::move(email);
    about.reason.clear();
    about.cancel_wanted = false;
    about.finished_at.reset();
    books.move(about, assessment_state::planned, cause_of(wanted));
}

item approve(environment& world, bookkeeper& books, const decision& wanted, assessment& about)
{
    if (!waits_for_approval(about))
        return not_done(about, state_text(about) + "; nothing waits for approval");
    about.approved = true;
    plan_again(world, books, about, wanted);
    return done(about, "is invited, limits notwithstanding");
}

item hold(environment&, bookkeeper& books, const decision& wanted, assessment& about)
{
    if (about.state != assessment_state::planned)
        return not_done(about,
                        state_text(about) + "; only who is planned can be held" +
                            (about.state == assessment_state::invited ? ", `cancel` withdraws the invitation" : ""));
    books.hold(about, hold_cause::person, cause_of(wanted));
    return done(about, "is not invited until `approve` or `retry`");
}

/// Asks the mapping's HR system for everything once more, and applies the rules to everybody who isn't decided about.
item read_anew(environment& world, const assessment& about)
{
    auto record = world.ledger.find_mapping(about.mapping);
    record.rules_fingerprint.clear();
    world.ledger.save(record);
    return done(about, "the HR system is read again with the next poll; what is still wrong stays held");
}

item retry_held(environment& world, bookkeeper& books, const decision& wanted, assessment& about)
{
    switch (about.cause) {
    case hold_cause::rule:
    case hold_cause::email:
    case hold_cause::intake:
    case hold_cause::test_not_found: return read_anew(world, about);
    case hold_cause::refused:
        about.send_alone = true;
        plan_again(world, books, about, wanted);
        return done(about, "is invited by a request of its own");
    case hold_cause::none:
    case hold_cause::message:
    case hold_cause::person: plan_again(world, books, about, wanted); return done(about, "is planned again");
    case hold_cause::no_candidate: // it is paid for: it is looked for again, never sent again
        about.reason.clear();
        books.move(about, assessment_state::invited, cause_of(wanted));
        return done(about, "is looked for at TestDome once more");
    case hold_cause::approval:
    case hold_cause::poll_limit:
    case hold_cause::day_limit:
    case hold_cause::forgotten: break;
    }
    return not_done(about, state_text(about) + "; `approve` invites it");
}

item retry(environment& world, bookkeeper& books, const decision& wanted, assessment& about)
{
    const bool cost_nothing = about.candidate_id == 0 && !about.invited_at;
    if (about.state == assessment_state::held)
        return retry_held(world, books, wanted, about);
    if (about.state == assessment_state::refused || (about.state == assessment_state::canceled && cost_nothing)) {
        about.send_alone = about.state == assessment_state::refused;
        plan_again(world, books, about, wanted);
        return done(about, "is planned again");
    }
    if (is_final(about.state))
        return not_done(about, state_text(about) + ", and TestDome has been paid for it: it is never sent twice");
    return not_done(about, state_text(about) + "; it goes on by itself");
}

item cancel(environment&, bookkeeper& books, const decision& wanted, assessment& about)
{
    switch (about.state) {
    case assessment_state::planned:
    case assessment_state::held:
        books.move(about, assessment_state::canceled, cause_of(wanted));
        return done(about, "is not invited");
    case assessment_state::inviting:
    case assessment_state::unconfirmed:
    case assessment_state::invited:
        about.cancel_wanted = true;
        books.keep(about);
        return done(about, about.state == assessment_state::invited
                               ? "is withdrawn with the next look at TestDome, unless the test is started by then"
                               : "is withdrawn once it is known whether TestDome has it");
    case assessment_state::started:
    case assessment_state::scoring:
    case assessment_state::completed:
    case assessment_state::did_not_take:
    case assessment_state::canceled:
    case assessment_state::refused: break;
    }
    return not_done(about, state_text(about) + "; only what is not started can be withdrawn");
}

item extend(environment& world, bookkeeper&, const decision& wanted, assessment& about)
{
    if (about.state != assessment_state::invited && about.state != assessment_state::started)
        return not_done(about, state_text(about) + "; only who is invited has a deadline to extend");
    if (!about.deadline || wanted.by <= std::chrono::seconds{0})
        return not_done(about, about.deadline ? "the deadline can only become later" : "TestDome tells no deadline");
    auto deadline = *about.deadline;
    for (const auto& earlier : world.ledger.wanted_extensions())
        if (earlier.assessment_id == about.id)
            deadline = std::max(deadline, earlier.deadline);
    world.ledger.save(wanted_extension{about.id, deadline + wanted.by});
    return done(about, "TestDome is told with the next look: due " + to_text(deadline + wanted.by));
}

} // namespace

std::string cause_of(const decision& taken)
{
    return std::string(to_text(taken.kind)) + " by " + taken.who + (taken.why.empty() ? "" : ": " + taken.why);
}

decision_answer::item decide_assessment(environment& world, bookkeeper& books, const decision& wanted,
                                        assessment decided)
{
    switch (wanted.kind) {
    case decision_kind::approve: return approve(world, books, wanted, decided);
    case decision_kind::hold: return hold(world, books, wanted, decided);
    case decision_kind::retry: return retry(world, books, wanted, decided);
    case decision_kind::cancel: return cancel(world, books, wanted, decided);
    case decision_kind::extend: return extend(world, books, wanted, decided);
    case decision_kind::replay:
    case decision_kind::pause:
    case decision_kind::resume:
    case decision_kind::forget: break;
    }
    throw std::logic_error(std::string(to_text(wanted.kind)) + " is not about an assessment");
}

} // namespace testdome_sync::sync
