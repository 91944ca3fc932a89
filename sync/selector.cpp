#include "sync/selector.hpp"

#include "sync/documents.hpp"
#include "sync/eraser.hpp"
#include "sync/start.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

/// A state in which nothing has left for TestDome yet, so that everything can still be decided.
bool is_undecided(const assessment& assessment)
{
    return assessment.state == assessment_state::planned || assessment.state == assessment_state::held;
}

/// Held for something that another look at the application or the configuration may cure without a person.
const std::vector<hold_cause> curable{hold_cause::rule, hold_cause::email, hold_cause::test_not_found,
                                      hold_cause::message, hold_cause::intake};

bool may_cure(const assessment& assessment)
{
    return assessment.state == assessment_state::held && std::ranges::count(curable, assessment.cause) > 0;
}

/// Waits for its turn by a rule that was removed or renamed since: nobody would ever invite it.
bool lost_its_rule(const config::mapping& mapping, const assessment& assessment)
{
    const bool has_a_turn = assessment.state == assessment_state::planned ||
                            (assessment.state == assessment_state::held &&
                             (assessment.cause == hold_cause::day_limit || assessment.cause == hold_cause::poll_limit ||
                              assessment.cause == hold_cause::approval));
    return has_a_turn && std::ranges::count(mapping.rules, assessment.rule, &config::rule::name) == 0;
}

/// A person has decided already that this application is invited to something, or it has been.
bool is_accepted(const std::vector<assessment>& existing)
{
    return std::ranges::any_of(existing, [](const assessment& one) { return one.approved || one.invited_at; });
}

bool are_final(const std::vector<assessment>& existing)
{
    return std::ranges::all_of(existing, [](const assessment& one) { return is_final(one.state); });
}

/// Whether a rule selects a test that none of these assessments is of.
bool select_another(const std::vector<rule_answer>& answers, const std::vector<assessment>& existing)
{
    return std::ranges::any_of(answers, [&](const rule_answer& answer) {
        return selects(answer) && std::ranges::count(existing, answer.rule->test, &assessment::test_reference) == 0;
    });
}

std::string email_problem(const std::string& email)
{
    if (email.empty())
        return "the application has no e-mail address; add one in the HR system";
    if (!is_plausible_email(email))
        return "the application's e-mail address can't be used; correct it in the HR system";
    return {};
}

} // namespace

std::string cause_of_planning(const assessment& planned)
{
    return "rule \"" + planned.rule + '"';
}

std::set<std::string> applications_to_decide_again(ledger& ledger, const std::string& mapping)
{
    return ledger.held_applications(mapping, curable);
}

void selector::take(const config::mapping& mapping, application_news news, const mapping_record& record,
                    intake_summary& summary)
{
    const auto& application = news.of;
    auto known = world_.ledger.find_application(mapping.name, application.id);
    if (known && is_forgotten(known->document))
        return;
    auto existing = world_.ledger.assessments({.mapping = mapping.name, .application_id = application.id});
    if (!known) {
        ++summary.fresh;
        summary.found.push_back(application.id);
    }

    const auto now = world_.clock.wall();
    auto stored = std::move(known).value_or(stored_application{mapping.name, application.id, {}, {}, {}, {}, now});
    const auto decided_before = std::pair(stored.reason, stored.decision);
    stored.document = std::move(news.document);
    stored.fingerprint = std::move(news.fingerprint);
    stored.last_seen = now;
    const bool has_tests = !existing.empty(), is_over = has_tests && are_final(existing);
    if (has_tests && !is_over) {
        world_.ledger.save(stored); // what is written back from here on tells of the application as it is now
        follow(mapping, application, stored.document, existing, summary);
    }

    stored.reason = reason_to_skip(mapping, application, record, decided_before.first);
    const bool is_for_rules = stored.reason.empty();
    const auto answers = is_for_rules ? decide(mapping, stored, existing) : std::vector<rule_answer>{};
    if (is_for_rules && std::ranges::none_of(answers, selects))
        stored.reason = "no rule matches";
    if (!has_tests && !stored.reason.empty()) {
        // Nobody decides anything more about this person here: keep as little as possible.
        stored.document.erase("raw");
        ++summary.skipped;
        summary.skips.push_back({application.id, stored.reason});
    }
    const bool stays_over = is_over && !select_another(answers, existing);
    if (stays_over && !world_.ledger.has_open_business(mapping.name, application.id))
        stored.document.erase("raw");
    if (!has_tests || is_over || decided_before != std::pair(stored.reason, stored.decision))
        world_.ledger.save(stored);
    if (is_for_rules && !stays_over)
        select(mapping, answers, stored, existing, summary);
    if (is_erased(existing)) {
        erase_document(stored);
        world_.ledger.save(stored);
    } else if (!stays_over && !existing.empty() && are_final(existing)) {
        books_.forget_raw_if_done(mapping.name, application.id);
    }
}

std::vector<rule_answer> selector::decide(const config::mapping& mapping, stored_application& stored,
                                          const std::vector<assessment>& existing)
{
    auto answers = apply_rules(mapping.rules, stored.document, existing);
    stored.decision = sync::to_json(answers);
    return answers;
}

void selector::select(const config::mapping& mapping, const std::vector<rule_answer>& answers,
                      const stored_application& stored, std::vector<assessment>& existing, intake_summary& summary)
{
    for (const auto& answer : answers)
        if (selects(answer))
            select_for(mapping, answer, stored, existing, summary);
    // What was held for a cause that is gone, by a rule that no longer selects it, is not held any more.
    for (auto& old : existing) {
        const bool still = std::ranges::any_of(answers, [&](const rule_answer& answer) {
            return answer.rule->test == old.test_reference && selects(answer);
        });
        if ((may_cure(old) || lost_its_rule(mapping, old)) && !still)
            cancel(old, "no rule selects the application any more", summary);
    }
}

void selector::select_for(const config::mapping& mapping, const rule_answer& answer, const stored_application& stored,
                          std::vector<assessment>& existing, intake_summary& summary)
{
    const auto& rule = *answer.rule;
    const auto resolved = catalog_.resolve(rule.test);
    const auto same_test = [&](const assessment& one) {
        return (resolved.found && one.test_id == resolved.found->id) || one.test_reference == rule.test;
    };
    const auto old = std::ranges::find_if(existing, same_test);
    if (old != existing.end() && !may_cure(*old) && !lost_its_rule(mapping, *old))
        return;
    if (old != existing.end() && old->state == assessment_state::held && !may_cure(*old)) {
        old->rule = rule.name; // a person or the next day decides as before
        books_.keep(*old);
        return;
    }
    assessment wanted = old != existing.end() ? *old : assessment{};
    wanted.mapping = stored.mapping;
    wanted.application_id = stored.id;
    wanted.rule = rule.name;
    wanted.test_reference = rule.test;
    wanted.email = email_in(stored.document);
    if (wanted.id == 0)
        wanted.created_at = world_.clock.wall();
    if (resolved.found) {
        wanted.test_id = resolved.found->id;
        wanted.test_name = resolved.found->name;
    }
    const auto stands_now = [&] {
        if (old != existing.end())
            *old = wanted;
        else
            existing.push_back(wanted);
    };
    const auto hold = [&](hold_cause cause, std::string reason) {
        summary.held += wanted.id == 0 ? 1 : 0;
        if (books_.hold(wanted, cause, std::move(reason)))
            summary.moved.push_back({wanted, {}});
        stands_now();
    };
    if (answer.answer == rule_answer::kind::undecidable)
        return hold(hold_cause::rule, "rule \"" + rule.name + "\" can't be decided: " + answer.reason);
    if (!resolved.found)
        return hold(hold_cause::test_not_found, resolved.reason);
    if (auto problem = email_problem(wanted.email); !problem.empty())
        return hold(hold_cause::email, std::move(problem));
    if (rule.approve && !wanted.approved)
        return hold(hold_cause::approval, "rule \"" + rule.name + "\" asks for approval");
    if (!wanted.approved && !is_accepted(existing) &&
        may_be_from_before_start(mapping, application_from(stored.document), world_.ledger))
        return hold(hold_cause::approval, "the HR system doesn't tell when this person applied, which may have been "
                                          "before the start of this mapping; approve whoever is to be invited");
    wanted.reason.clear();
    books_.move(wanted, assessment_state::planned, cause_of_planning(wanted));
    ++summary.planned;
    summary.selected.push_back(wanted);
    stands_now();
}

void selector::follow(const config::mapping& mapping, const application& application, const json::object& document,
                      std::vector<assessment>& existing, intake_summary& summary)
{
    for (auto& assessment : existing) {
        if (is_undecided(assessment) && is_closed(application)) {
            cancel(assessment, "the application is " + application.status, summary);
            ++summary.canceled;
            continue;
        }
        if (is_final(assessment.state) || assessment.cancel_wanted)
            continue;
        const auto email = normalized_email(application.applicant.email);
        if (is_undecided(assessment) && assessment.email != email && is_plausible_email(email)) {
            assessment.email = email;
            books_.keep(assessment);
        }
        const auto rule = std::ranges::find(mapping.rules, assessment.rule, &config::rule::name);
        if (rule == mapping.rules.end() || !rule->cancel_when)
            continue;
        const auto wanted = rule->cancel_when->test(with_assessment(document, assessment));
        if (!wanted || !*wanted)
            continue;
        if (is_undecided(assessment)) {
            cancel(assessment, "`cancel_when` of rule \"" + rule->name + '"', summary);
            ++summary.canceled;
        } else {
            assessment.cancel_wanted = true;
            books_.keep(assessment);
        }
    }
}

void selector::cancel(assessment& undecided, std::string why, intake_summary& summary)
{
    books_.move(undecided, assessment_state::canceled, why);
    summary.moved.push_back({undecided, std::move(why)});
}

std::vector<moved_assessment> selector::reconsider(const config::mapping& mapping, const std::string& application_id)
{
    if (std::ranges::none_of(mapping.rules, [](const config::rule& rule) { return rule.after.has_value(); }))
        return {};
    auto stored = world_.ledger.find_application(mapping.name, application_id);
    if (!stored || is_closed(stored->document))
        return {};
    auto existing = world_.ledger.assessments({.mapping = mapping.name, .application_id = application_id});
    intake_summary summary;
    const auto answers = decide(mapping, *stored, existing);
    world_.ledger.save(*stored);
    select(mapping, answers, *stored, existing, summary);
    for (auto& one : summary.selected) {
        auto why = cause_of_planning(one);
        summary.moved.push_back({std::move(one), std::move(why)});
    }
    return std::move(summary.moved);
}

} // namespace testdome_sync::sync
