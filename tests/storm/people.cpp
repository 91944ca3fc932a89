#include "tests/storm/people.hpp"

#include <array>

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;
using sandbox::behavior;

constexpr int count = 100;

/// As frequent as they stand here.
constexpr std::array fates{behavior::passes,        behavior::passes,      behavior::passes,   behavior::passes,
                           behavior::passes,        behavior::fails,       behavior::fails,    behavior::needs_scoring,
                           behavior::needs_scoring, behavior::never_takes, behavior::abandons, behavior::is_refused,
                           behavior::breaks_batch};

} // namespace

people::people(dice chances, const installation& setup, sandbox::testdome_world& testdome,
               sandbox::greenhouse_world& greenhouse, virtual_clock& clock, chronicle& events)
    : dice_(chances), setup_(setup), testdome_(testdome), greenhouse_(greenhouse), clock_(clock), events_(events)
{
    testdome_.add_test(test, "C++ Senior");
    testdome_.add_test(1002, "Java Junior");
    job_ = greenhouse_.add_job("C++ Engineer", {"Application Review", "Online Test", "Interview", "Offer"});
    all_.reserve(count + 1); // the world's callbacks keep places in it
}

const std::vector<std::string>& people::secrets()
{
    static const std::vector<std::string> all{"zebulon", "Zebulon", "Quirk", "sandbox-secret", "-token-"};
    return all;
}

std::string people::new_email()
{
    return "zebulon" + std::to_string(++names_) + "@people.example";
}

void people::add(applicant made)
{
    made.name = "Quirk" + std::to_string(all_.size());
    all_.push_back(std::move(made));
}

void people::apply(std::size_t who)
{
    auto& one = all_[who];
    std::string email;
    if (who > 0 && dice_.chance(0.08) && !all_[who - 1].emails.empty() && all_[who - 1].selected)
        email = *all_[who - 1].emails.begin(); // somebody's second application
    else if (!dice_.chance(0.03))
        email = new_email();
    std::string stage = stage_;
    if (!one.in_crowd && dice_.chance(0.04)) {
        stage = "Application Review";
        one.selected = false;
        email = new_email();
    }
    if (!email.empty())
        one.emails.insert(email);
    const bool nameless = !one.in_crowd && dice_.chance(0.04);
    if (!email.empty() && dice_.chance(0.3))
        email[0] = 'Z'; // addresses don't care about case
    one.application = greenhouse_.add_application({nameless ? "" : "Zebulon", one.name, email}, job_, stage);
    events_.appeared(std::to_string(one.application));
    if (!one.in_crowd && one.selected && dice_.chance(0.02)) {
        greenhouse_.set_prospect(one.application);
        one.selected = false;
    }
    if (nameless && dice_.chance(0.5))
        plan_later(20min, 5h, [this, who] {
            greenhouse_.set_first_name(all_[who].application, "Zebulon");
            greenhouse_.touch(all_[who].application);
        });
}

void people::apply_before_start()
{
    const int early = dice_.between(0, 10);
    for (int i = 0; i < early; ++i) {
        applicant made;
        made.before_start = true;
        add(made);
        apply(all_.size() - 1);
        plan_fate(all_.size() - 1, 20h);
    }
}

void people::plan_later(std::chrono::seconds least, std::chrono::seconds most, std::function<void()> what)
{
    clock_.schedule(clock_.now() + dice_.between(least, most), std::move(what));
}

void people::plan(std::chrono::seconds until)
{
    const bool crowd = setup_.per_poll < 100 && dice_.chance(0.5);
    const auto crowd_size = static_cast<std::size_t>(setup_.per_poll + 3);
    if (crowd) {
        const auto begin = all_.size();
        for (std::size_t i = 0; i < crowd_size; ++i) {
            applicant made;
            made.in_crowd = true;
            add(made);
        }
        plan_later(0s, until, [this, begin, crowd_size] {
            for (auto who = begin; who < begin + crowd_size; ++who) {
                all_[who].emails.insert(new_email());
                all_[who].application =
                    greenhouse_.add_application({"Zebulon", all_[who].name, *all_[who].emails.begin()}, job_, stage_);
                events_.appeared(std::to_string(all_[who].application));
            }
        });
    }
    while (all_.size() < count) {
        add({});
        const auto who = all_.size() - 1;
        plan_later(0s, until, [this, who, until] {
            apply(who);
            plan_fate(who, until);
        });
    }
    plan_recruiters(until);
    plan_webhooks(until);
}

void people::plan_fate(std::size_t who, std::chrono::seconds until)
{
    auto& one = all_[who];
    const auto application = one.application;
    for (const auto& email : one.emails) {
        testdome_.set_behavior(email, dice_.one_of(fates), dice_.between(0, 100));
        sandbox::pace speed;
        speed.starts = dice_.between(1min, 3h);
        speed.finishes = speed.starts + dice_.between(1min, 3h);
        speed.scored = speed.finishes + dice_.between(1min, 5h);
        speed.at_deadline = true;
        testdome_.set_pace(email, speed);
        if (dice_.chance(0.02)) {
            testdome_.hide(email);
            one.hidden = true;
        }
        if (dice_.chance(0.05))
            testdome_.invite_by_hand(test, email, 8h);
        if (dice_.chance(0.05))
            plan_later(0s, 5h, [this, email] { testdome_.invite_by_hand(test, email, 8h); });
        if (dice_.chance(0.04))
            plan_later(10min, 5h, [this, email] { testdome_.cancel_by_hand(email); });
        if (dice_.chance(0.04))
            plan_later(5h, until, [this, email] { testdome_.revise(email, dice_.between(0, 100)); });
    }
    if (dice_.chance(0.1))
        plan_later(10min, 10h, [this, application] { greenhouse_.touch(application); });
    if (dice_.chance(0.05))
        plan_later(0s, 5h, [this, who, application] {
            all_[who].disturbed = true;
            greenhouse_.set_rejected(application);
        });
    if (dice_.chance(0.03))
        plan_later(0s, 5h, [this, who, application] {
            all_[who].disturbed = all_[who].removed = true;
            greenhouse_.remove_application(application);
        });
    if (dice_.chance(0.05))
        plan_later(0s, 3h, [this, who, application] {
            all_[who].disturbed = true;
            const auto email = new_email();
            all_[who].emails.insert(email);
            testdome_.set_behavior(email, behavior::passes, 80);
            greenhouse_.set_email(application, email);
            greenhouse_.touch(application);
        });
    if (who > 0 && !one.emails.empty() && one.emails == all_[who - 1].emails && dice_.chance(0.6))
        plan_later(1min, 8h, [this, who] {
            if (!all_[who].removed && !all_[who - 1].removed && !all_[who].disturbed && !all_[who - 1].disturbed) {
                all_[who].merged = all_[who - 1].merged = true;
                greenhouse_.merge_candidate(all_[who].application, all_[who - 1].application);
            }
        });
}

void people::plan_recruiters(std::chrono::seconds until)
{
    if (dice_.chance(0.3)) {
        const auto begin = clock_.now() + dice_.between(0s, until);
        clock_.schedule(begin, [this] { testdome_.set_archived(test, true); });
        clock_.schedule(begin + dice_.between(20min, 3h), [this] { testdome_.set_archived(test, false); });
    }
    if (dice_.chance(0.3))
        plan_later(0s, until, [this] {
            greenhouse_.rename_stage(job_, stage_, later_stage_name);
            stage_ = later_stage_name;
        });
    for (int i = dice_.below(3); i > 0; --i)
        plan_later(0s, until, [this] { revoke_tokens(); });
}

void people::revoke_tokens()
{
    events_.happened(disturbance::token_revoked);
    dice_.chance(0.5) ? testdome_.revoke_tokens() : greenhouse_.revoke_tokens();
}

void people::invitation_leaves()
{
    if (dice_.chance(0.02))
        clock_.schedule(clock_.now() + std::chrono::microseconds(dice_.below(5000)), [this] { revoke_tokens(); });
}

void people::plan_webhooks(std::chrono::seconds until)
{
    for (int i = dice_.below(30); i > 0; --i)
        plan_later(0s, until, [this] {
            if (!nudge)
                return;
            nudge();
            if (dice_.chance(0.3))
                nudge();
        });
}

} // namespace testdome_sync::testing
