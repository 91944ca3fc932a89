#include "sync/collector.hpp"

#include "sync/precedents.hpp"
#include "sync/results.hpp"
#include "sync/state_events.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace testdome_sync::sync {
namespace asio = boost::asio;

namespace {

/// Listings lag; but whoever isn't in them this long after the deadline never will be.
constexpr std::chrono::hours listing_patience{24};

std::vector<std::int64_t> tests_of(const std::vector<assessment>& all)
{
    std::set<std::int64_t> ids;
    for (const auto& one : all)
        ids.insert(one.test_id);
    return {ids.begin(), ids.end()};
}

std::unordered_map<std::string, std::vector<candidate>> grouped_by_email(const std::vector<candidate>& all)
{
    std::unordered_map<std::string, std::vector<candidate>> by_email;
    for (const auto& one : all)
        by_email[one.email].push_back(one);
    return by_email;
}

} // namespace

std::vector<assessment> collector::followed()
{
    auto all = world_.ledger.assessments(
        {.states = {assessment_state::invited, assessment_state::started, assessment_state::scoring}});
    std::erase_if(all, [&](const assessment& one) { return !world_.find_mapping(one.mapping); });
    return all;
}

std::vector<assessment> collector::due_for_revision()
{
    std::vector<assessment> due;
    for (const auto& mapping : world_.mappings) {
        auto found = world_.ledger.assessments({.states = {assessment_state::completed},
                                                .mapping = mapping.settings.name,
                                                .look_again_until = world_.clock.wall()});
        std::ranges::move(found, std::back_inserter(due));
    }
    return due;
}

asio::awaitable<result<void>> collector::collect()
{
    const auto open = followed();
    std::vector<assessment> unlinked;
    std::vector<assessment> gone = due_for_revision();
    if (!open.empty()) {
        auto listed = co_await world_.platform.unfinished(tests_of(open));
        if (!listed)
            co_return listed.error();
        link(open, *listed, unlinked);
        auto updated = co_await update_listed(open, std::move(*listed), gone);
        if (!updated)
            co_return updated.error();
    }
    if (!gone.empty()) {
        auto updated = co_await update_gone(std::move(gone));
        if (!updated)
            co_return updated.error();
    }
    co_return co_await link_missing(std::move(unlinked));
}

void collector::link(const std::vector<assessment>& open, const std::vector<candidate>& listed,
                     std::vector<assessment>& unlinked)
{
    const auto is_unlinked = [](const assessment& one) { return one.candidate_id == 0; };
    if (std::ranges::none_of(open, is_unlinked))
        return;
    const auto by_email = grouped_by_email(listed);
    for (const auto& one : open) {
        if (!is_unlinked(one))
            continue;
        const auto same_person = by_email.find(one.email);
        const auto own =
            same_person == by_email.end() ? std::nullopt : find_own_candidate(world_, one, same_person->second);
        auto current = world_.ledger.find_assessment(one.id);
        if (own && current && current->state == one.state)
            apply_candidate(world_, books_, intake_, *current, *own, "seen at TestDome");
        else
            unlinked.push_back(one);
    }
}

asio::awaitable<result<void>> collector::update_listed(const std::vector<assessment>& open,
                                                       std::vector<candidate> listed, std::vector<assessment>& gone)
{
    std::unordered_map<std::int64_t, const candidate*> by_id;
    for (const auto& candidate : listed)
        by_id.emplace(candidate.id, &candidate);
    for (const auto& one : open) {
        if (one.candidate_id == 0)
            continue;
        const auto seen = by_id.find(one.candidate_id);
        if (seen == by_id.end()) {
            gone.push_back(one);
            continue;
        }
        auto updated = co_await update(one, *seen->second, "seen at TestDome");
        if (!updated)
            co_return updated.error();
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> collector::update_gone(std::vector<assessment> gone)
{
    std::vector<std::int64_t> ids;
    for (const auto& one : gone)
        ids.push_back(one.candidate_id);
    auto truth = co_await world_.platform.candidates(tests_of(gone), std::move(ids));
    if (!truth)
        co_return truth.error();
    std::unordered_map<std::int64_t, const candidate*> by_id;
    for (const auto& candidate : *truth)
        by_id.emplace(candidate.id, &candidate);
    for (const auto& one : gone) {
        const auto known = by_id.find(one.candidate_id);
        if (known == by_id.end()) {
            lost_at_testdome(one);
            continue;
        }
        auto updated = co_await update(one, *known->second, "finished at TestDome");
        if (!updated)
            co_return updated.error();
    }
    co_return result<void>{};
}

asio::awaitable<result<void>> collector::link_missing(std::vector<assessment> unlinked)
{
    std::map<std::int64_t, std::vector<assessment>> by_test;
    for (auto& one : unlinked)
        by_test[one.test_id].push_back(std::move(one));
    for (const auto& [test_id, all] : by_test) {
        std::set<std::string> emails;
        for (const auto& one : all)
            emails.insert(one.email);
        auto found = co_await world_.platform.find(test_id, std::vector<std::string>(emails.begin(), emails.end()));
        if (!found)
            co_return found.error();
        for (const auto& one : all) {
            const auto own = find_own_candidate(world_, one, *found);
            if (!own) {
                hold_if_never_listed(one);
                continue; // the next look asks again
            }
            auto updated = co_await update(one, *own, "seen at TestDome");
            if (!updated)
                co_return updated.error();
        }
    }
    co_return result<void>{};
}

void collector::hold_if_never_listed(const assessment& before)
{
    auto current = world_.ledger.find_assessment(before.id);
    if (!current || current->state != assessment_state::invited || !current->deadline ||
        world_.clock.wall() < *current->deadline + listing_patience)
        return;
    unit_of_work unit(world_.ledger);
    books_.hold(*current, hold_cause::no_candidate,
                "TestDome took the invitation, but lists no candidate with this address; look there");
    unit.commit();
    tell_of_state(world_.events, *current);
}

asio::awaitable<result<void>> collector::update(const assessment& before, const candidate& candidate,
                                                std::string_view cause)
{
    if (!is_news(before, candidate))
        co_return result<void>{};
    auto share_url = co_await share_url_for(before, candidate);
    if (!share_url)
        co_return share_url.error();
    auto current = world_.ledger.find_assessment(before.id);
    if (current && current->state == before.state)
        apply_candidate(world_, books_, intake_, *current, candidate, cause, *share_url);
    co_return result<void>{};
}

asio::awaitable<result<std::string>> collector::share_url_for(const assessment& followed, const candidate& candidate)
{
    const auto* mapping = world_.find_mapping(followed.mapping);
    if (!mapping || state_of(candidate) != assessment_state::completed || followed.state == assessment_state::completed)
        co_return std::string{};
    const auto actions = mapping->settings.write_back.find("completed");
    const bool asked_for = actions != mapping->settings.write_back.end() &&
                           std::ranges::any_of(actions->second, [](const config::write_back_action& action) {
                               return action.argument.mentions("share_url");
                           });
    if (!asked_for)
        co_return std::string{};
    auto url = co_await world_.platform.sharing_url(candidate.id);
    // A refusal is final: the result must not wait for a link that never comes.
    if (!url && url.error().code != errc::not_sent && url.error().code != errc::outcome_unknown)
        co_return std::string{};
    co_return url;
}

void collector::lost_at_testdome(const assessment& before)
{
    auto current = world_.ledger.find_assessment(before.id);
    if (!current || current->state != before.state)
        return;
    unit_of_work unit(world_.ledger);
    if (is_final(current->state)) {
        books_.plan_next_look(*current);
        books_.keep(*current);
        unit.commit();
        return;
    }
    current->reason = "the candidate was deleted at TestDome";
    books_.move(*current, assessment_state::canceled, current->reason);
    unit.commit();
    tell_of_state(world_.events, *current, current->reason);
}

} // namespace testdome_sync::sync
