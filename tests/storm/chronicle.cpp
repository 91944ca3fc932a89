#include "tests/storm/chronicle.hpp"

#include <algorithm>

namespace testdome_sync::testing {

const std::vector<edge>& required_edges()
{
    static const std::vector<edge> edges{{"", "planned"},
                                         {"", "held"},
                                         {"planned", "inviting"},
                                         {"planned", "held"},
                                         {"planned", "canceled"},
                                         {"planned", "invited"},
                                         {"planned", "started"},
                                         {"planned", "completed"},
                                         {"held", "planned"},
                                         {"held", "canceled"},
                                         {"inviting", "invited"},
                                         {"inviting", "refused"},
                                         {"inviting", "held"},
                                         {"inviting", "planned"},
                                         {"inviting", "unconfirmed"},
                                         {"unconfirmed", "invited"},
                                         {"unconfirmed", "started"},
                                         {"unconfirmed", "completed"},
                                         {"unconfirmed", "planned"},
                                         {"invited", "started"},
                                         {"invited", "scoring"},
                                         {"invited", "completed"},
                                         {"invited", "did_not_take"},
                                         {"invited", "canceled"},
                                         {"invited", "held"},
                                         {"started", "scoring"},
                                         {"started", "completed"},
                                         {"started", "did_not_take"},
                                         {"scoring", "completed"}};
    return edges;
}

bool is_allowed(const edge& which)
{
    // Seldom, so not required of every number of seeds: TestDome's candidate is further than usual when it is seen.
    static const std::vector<edge> seldom{{"planned", "scoring"},      {"planned", "did_not_take"},
                                          {"unconfirmed", "scoring"},  {"unconfirmed", "did_not_take"},
                                          {"unconfirmed", "canceled"}, {"started", "canceled"},
                                          {"scoring", "canceled"}};
    return std::ranges::count(required_edges(), which) + std::ranges::count(seldom, which) > 0;
}

bool can_have_seen(const edge& which, disturbance what)
{
    // While a request is in flight, its process can't end and then learn the answer: whoever starts next finds
    // `inviting` and makes it `unconfirmed`. Nor can the answer be stored (but by luck) in a ledger that has become
    // full, faulty or locked meanwhile: that ends the process.
    const bool learnt_the_answer = which.first == "inviting" && which.second != "unconfirmed";
    switch (what) {
    case disturbance::killed:
    case disturbance::power_lost:
    case disturbance::taken_over:
    case disturbance::disk_full:
    case disturbance::disk_error:
    case disturbance::ledger_locked: return !learnt_the_answer;
    default: return true;
    }
}

void chronicle::happened(disturbance what)
{
    ++counts_[static_cast<std::size_t>(what)];
}

void chronicle::appeared(const std::string& application)
{
    at_appearance_[application] = counts_;
}

void chronicle::stored(const sync::assessment& changed)
{
    const auto known = known_.find(changed.id);
    const bool is_new = known == known_.end();
    if (!is_new && known->second == changed.state)
        return;
    const edge gone{is_new ? "" : std::string(to_text(known->second)), std::string(to_text(changed.state))};
    if (!is_allowed(gone))
        complaints_.push_back("assessment " + std::to_string(changed.id) + " went from \"" + gone.first + "\" to \"" +
                              gone.second + '"');
    const auto& before = is_new ? at_appearance_[changed.application_id] : at_transition_[changed.id];
    auto& seen = transitions_[gone];
    for (std::size_t i = 0; i < disturbance_count; ++i)
        seen[i] += counts_[i] > before[i] ? 1 : 0;
    known_[changed.id] = changed.state;
    at_transition_[changed.id] = counts_;
}

void chronicle::compare(const std::vector<sync::assessment>& found)
{
    std::map<std::int64_t, const sync::assessment*> there;
    for (const auto& one : found)
        there.emplace(one.id, &one);
    for (const auto& [id, state] : known_)
        if (!there.contains(id))
            complaints_.push_back("assessment " + std::to_string(id) + " was committed and is lost");
    for (const auto& [id, one] : there) {
        const auto known = known_.find(id);
        if (known != known_.end() && known->second == one->state)
            continue;
        const auto doubt = doubtful_.find(id);
        if (doubt != doubtful_.end() && doubt->second.state == one->state)
            stored(*one);
        else
            complaints_.push_back("assessment " + std::to_string(id) + " is \"" + std::string(to_text(one->state)) +
                                  "\", which was never committed");
    }
    doubtful_.clear();
}

void observed_ledger::save(sync::assessment& changed, std::string_view cause, std::string_view correlation)
{
    forwarding_ledger::save(changed, cause, correlation);
    changed_.push_back(changed);
}

void observed_ledger::commit()
{
    for (const auto& one : changed_)
        events_.may_be_stored(one);
    forwarding_ledger::commit();
    for (const auto& one : changed_)
        events_.stored(one);
    changed_.clear();
}

void observed_ledger::rollback() noexcept
{
    forwarding_ledger::rollback();
    changed_.clear();
}

} // namespace testdome_sync::testing
