#include "sync/collector.hpp"

#include "sync/precedents.hpp"
#include "sync/results.hpp"
#include "sync/state_events.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <span>
#include <unordered_map>

namespace testdome_sync::sync {
namespace asio = boost::asio;

namespace {

/// Listings lag; but whoever isn't in them this long after the deadline never will be.
constexpr std::chrono::hours listing_patience{24};

/// What one unit of work stores: a commit costs more than a candidate does, but the loop must not be away for long.
template <class Item>
std::vector<std::span<const Item>> groups_of(const std::vector<Item>& all)
{
    constexpr std::size_t size = 100;
    std::vector<std::span<const Item>> groups;
    for (std::size_t begin = 0; begin < all.size(); begin += size)
        groups.push_back(std::span(all).subspan(begin, std::min(size, all.size() - begin)));
    return groups;
}

std::vector<std::int64_t> tests_of(const std::vector<followed_assessment>& all)
{
    std::set<std::int64_t> ids;
    for (const auto& one : all)
        ids.insert(one.test_id);
    return {ids.begin(), ids.end()};
}

/// Finds one person's among very many, which outlive it.
class candidates_by_email {
public:
    explicit candidates_by_email(const std::vector<candidate>& all)
    {
        for (const auto& one : all)
            sorted_.push_back(&one);
        std::ranges::stable_sort(sorted_, {}, &candidate::email);
    }
    /// As find_own_candidate, which looks at each candidate that it is given.
    std::optional<candidate> own_of(environment& world, const assessment& invited) const
    {
        std::vector<candidate> same_person;
        auto one = std::ranges::lower_bound(sorted_, invited.email, {}, &candidate::email);
        for (; one != sorted_.end() && (*one)->email == invited.email; ++one)
            same_person.push_back(**one);
        return same_person.empty() ? std::nullopt : find_own_candidate(world, invited, same_person);
    }

private:
    std::vector<const candidate*> sorted_;
};

bool writes_share_url(const config::mapping& mapping)
{
    const auto actions = mapping.write_back.find("completed");
    return actions != mapping.write_back.end() &&
           std::ranges::any_of(actions->second, [](const config::write_back_action& action) {
               return action.argument.mentions("share_url");
           });
}

} // namespace

std::vector<followed_assessment> collector::followed()
{
    std::set<std::string> configured;
    for (const auto& mapping : world_.mappings)
        configured.insert(mapping.settings.name);
    return world_.ledger.followed_assessments(configured);
}

std::optional<assessment> collector::still_in(assessment_state state, std::int64_t id)
{
    auto now = world_.ledger.find_assessment(id);
    return now && now->state == state ? now : std::nullopt;
}

std::vector<followed_assessment> collector::due_for_revision()
{
    std::vector<followed_assessment> due;
    for (const auto& mapping : world_.mappings) {
        auto found = world_.ledger.assessments({.states = {assessment_state::completed},
                                                .mapping = mapping.settings.name,
                                                .look_again_until = world_.clock.wall()});
        std::ranges::transform(found, std::back_inserter(due), followed_of);
    }
    return due;
}

asio::awaitable<result<void>> collector::collect()
{
    const auto open = followed();
    std::vector<assessment> unlinked;
    auto gone = due_for_revision();
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

void collector::link(const std::vector<followed_assessment>& open, const std::vector<candidate>& listed,
                     std::vector<assessment>& unlinked)
{
    std::vector<const followed_assessment*> not_linked;
    for (const auto& one : open)
        if (one.candidate_id == 0)
            not_linked.push_back(&one);
    if (not_linked.empty())
        return;
    const candidates_by_email people(listed);
    for (const auto some : groups_of(not_linked)) {
        std::vector<candidate_change> changes;
        unit_of_work unit(world_.ledger);
        for (const auto* one : some) {
            auto current = still_in(one->state, one->id);
            if (!current)
                continue;
            if (const auto own = people.own_of(world_, *current))
                changes.push_back(change_by_candidate(world_, books_, selector_, *current, *own, "seen at TestDome"));
            else
                unlinked.push_back(std::move(*current));
        }
        unit.commit();
        for (const auto& change : changes)
            tell_of(world_.events, change);
    }
}

asio::awaitable<result<void>> collector::update_listed(const std::vector<followed_assessment>& open,
                                                       std::vector<candidate> listed,
                                                       std::vector<followed_assessment>& gone)
{
    std::unordered_map<std::int64_t, const candidate*> by_id;
    for (const auto& candidate : listed)
        by_id.emplace(candidate.id, &candidate);
    std::vector<finding> found;
    for (const auto& one : open) {
        if (one.candidate_id == 0)
            continue;
        const auto seen = by_id.find(one.candidate_id);
        if (seen == by_id.end())
            gone.push_back(one);
        else if (is_news(one, *seen->second))
            found.push_back({one, seen->second});
    }
    co_return co_await update(std::move(found), "seen at TestDome");
}

asio::awaitable<result<void>> collector::update_gone(std::vector<followed_assessment> gone)
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
    std::vector<finding> found;
    for (const auto& one : gone) {
        const auto known = by_id.find(one.candidate_id);
        if (known == by_id.end())
            lost_at_testdome(one);
        else if (is_news(one, *known->second))
            found.push_back({one, known->second});
    }
    co_return co_await update(std::move(found), "finished at TestDome");
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
        const candidates_by_email people(*found);
        std::deque<candidate> owned;
        std::vector<finding> linked;
        std::set<std::string> linked_people;
        for (const auto& one : all) {
            // Stored before another one of this person could take the same candidate for its own.
            if (!linked_people.insert(one.email).second) {
                auto updated = co_await update(std::move(linked), "seen at TestDome");
                if (!updated)
                    co_return updated.error();
                linked.clear();
                linked_people.clear();
                linked_people.insert(one.email);
            }
            if (auto own = people.own_of(world_, one))
                linked.push_back({followed_of(one), &owned.emplace_back(std::move(*own))});
            else
                hold_if_never_listed(one); // the next look asks again
        }
        auto updated = co_await update(std::move(linked), "seen at TestDome");
        if (!updated)
            co_return updated.error();
    }
    co_return result<void>{};
}

void collector::hold_if_never_listed(const assessment& before)
{
    auto current = still_in(assessment_state::invited, before.id);
    if (!current || !current->deadline || world_.clock.wall() < *current->deadline + listing_patience)
        return;
    unit_of_work unit(world_.ledger);
    books_.hold(*current, hold_cause::no_candidate,
                "TestDome took the invitation, but lists no candidate with this address; look there");
    unit.commit();
    tell_of_state(world_.events, *current);
}

asio::awaitable<result<void>> collector::update(std::vector<finding> all, std::string_view cause)
{
    result<void> outcome;
    auto one = all.begin();
    for (; one != all.end(); ++one) {
        auto share_url = co_await share_url_for(one->before, *one->seen);
        if (!share_url) {
            outcome = share_url.error();
            break;
        }
        one->share_url = std::move(*share_url);
    }
    all.erase(one, all.end());
    store(all, cause);
    co_return outcome;
}

void collector::store(const std::vector<finding>& news, std::string_view cause)
{
    for (const auto some : groups_of(news)) {
        std::vector<candidate_change> changes;
        unit_of_work unit(world_.ledger);
        for (const auto& one : some) {
            if (auto current = still_in(one.before.state, one.before.id))
                changes.push_back(
                    change_by_candidate(world_, books_, selector_, *current, *one.seen, cause, one.share_url));
        }
        unit.commit();
        for (const auto& change : changes)
            tell_of(world_.events, change);
    }
}

asio::awaitable<result<std::string>> collector::share_url_for(const followed_assessment& followed,
                                                              const candidate& candidate)
{
    if (state_of(candidate) != assessment_state::completed || followed.state == assessment_state::completed)
        co_return std::string{};
    const bool asked_for_by_any = std::ranges::any_of(
        world_.mappings, [](const active_mapping& mapping) { return writes_share_url(mapping.settings); });
    const auto current = asked_for_by_any ? still_in(followed.state, followed.id) : std::nullopt;
    const auto* mapping = current ? world_.find_mapping(current->mapping) : nullptr;
    if (!mapping || !writes_share_url(mapping->settings))
        co_return std::string{};
    auto url = co_await world_.platform.sharing_url(candidate.id);
    // A refusal is final: the result must not wait for a link that never comes.
    if (!url && url.error().code != errc::not_sent && url.error().code != errc::outcome_unknown)
        co_return std::string{};
    co_return url;
}

void collector::lost_at_testdome(const followed_assessment& before)
{
    auto current = still_in(before.state, before.id);
    if (!current)
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
