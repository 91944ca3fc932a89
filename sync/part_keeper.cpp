#include "sync/part_keeper.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace asio = boost::asio;

part_keeper::part_keeper(const asio::any_io_executor& executor, shared_ledger& shared, own_parts& own,
                         part_worker& worker, clock& clock)
    : shared_(shared), own_(own), worker_(worker), clock_(clock), nudge_(executor)
{
    own_.when_called = [this] { nudge_.wake(); };
}

part_keeper::~part_keeper()
{
    own_.when_called = [] {};
}

asio::awaitable<void> part_keeper::run(std::function<void()> after_each)
{
    for (;;) {
        const auto due = clock_.now() + ledger_lease_renewal;
        look();
        after_each();
        co_await nudge_.sleep_until(clock_, due);
    }
}

void part_keeper::look()
{
    before_.clear();
    const auto division = shared_.divide([this](ledger_division& of) { change(of); });
    if (!division)
        return;
    own_.forget_calls();
    follow(*division);
    choose_what_to_give(*division);
}

/// Stored as a whole, or not at all: nothing of ours changes before it is.
void part_keeper::change(ledger_division& division)
{
    add_own(division);
    hand_over(division);
    const auto was = division.parts;
    take_free(division, shared_.number(), worker_.bundles());
    for (std::size_t i = 0; i < was.size(); ++i)
        if (was[i].machine != division.parts[i].machine)
            before_[was[i].name] = was[i].machine_name;
    for (auto& part : division.parts) {
        part.acts += own_.called().contains({part.name, part_call::act}) ? 1 : 0;
        part.polls += own_.called().contains({part.name, part_call::poll}) ? 1 : 0;
    }
}

/// What our configuration has: nobody may have told the ledger yet.
void part_keeper::add_own(ledger_division& division) const
{
    const auto own = std::ranges::find(division.machines, shared_.number(), &ledger_machine::number);
    if (own == division.machines.end())
        return;
    own->can_do.clear();
    for (const auto& one : worker_.bundles())
        std::ranges::copy(one, std::back_inserter(own->can_do));
    std::ranges::sort(own->can_do);
    for (const auto& name : own->can_do)
        if (std::ranges::count(division.parts, name, &ledger_part::name) == 0)
            division.parts.push_back({name, 0, {}, {}, 0, 0});
}

void part_keeper::hand_over(ledger_division& division) const
{
    const auto bundles = worker_.bundles();
    if (leaving_ && is_idle(*leaving_))
        if (const auto heir = heir_of(*leaving_, division, shared_.number(), bundles))
            assign(division, *leaving_, *heir);
    // What the configuration has no more, because it was read anew, is for whoever has it.
    const auto is_configured = [&](const std::string& name) {
        return std::ranges::any_of(bundles, [&](const bundle& one) { return std::ranges::count(one, name) > 0; });
    };
    for (const auto& name : own_.all())
        if (!is_configured(name) && own_.is_idle(name))
            assign(division, {name}, 0);
}

void part_keeper::follow(const ledger_division& division)
{
    const auto self = shared_.number();
    bool changed = false;
    for (const auto& part : division.parts) {
        if (part.machine == self && !own_.is_ours(part.name)) {
            const auto known = before_.find(part.name);
            take(part, known == before_.end() ? std::string{} : known->second);
            changed = true;
        } else if (part.machine == self) {
            answer_calls(part);
        } else if (own_.is_ours(part.name)) {
            own_.give(part.name);
            seen_.erase(part.name);
            worker_.events().emit("part.given",
                                  shown_part(part.name) + " is done " +
                                      (part.machine == 0 ? "by other machines" : "by " + printable(part.machine_name)) +
                                      " from now on",
                                  {{"part", part.name}});
            changed = true;
        }
    }
    if (changed)
        worker_.parts_changed();
}

void part_keeper::take(const ledger_part& part, const std::string& before)
{
    own_.take(part.name);
    seen_[part.name] = {part.acts, part.polls};
    worker_.events().emit("part.taken",
                          shown_part(part.name) + " is done here from now on" +
                              (before.empty() ? "" : "; before, by " + printable(before)),
                          {{"part", part.name}});
    worker_.call(part.name, part_call::act);
    worker_.call(part.name, part_call::poll);
}

void part_keeper::answer_calls(const ledger_part& part)
{
    auto& seen = seen_[part.name];
    if (part.acts != seen.acts)
        worker_.call(part.name, part_call::act);
    if (part.polls != seen.polls)
        worker_.call(part.name, part_call::poll);
    seen = {part.acts, part.polls};
}

void part_keeper::choose_what_to_give(const ledger_division& division)
{
    const auto bundles = worker_.bundles();
    if (leaving_ && (!heir_of(*leaving_, division, shared_.number(), bundles))) {
        for (const auto& name : *leaving_)
            if (own_.is_ours(name)) { // nobody wants it any more
                own_.keep(name);
                worker_.call(name, part_call::act);
                worker_.call(name, part_call::poll);
            }
        leaving_.reset();
    }
    if (leaving_)
        return;
    leaving_ = find_bundle_to_give(division, shared_.number(), bundles);
    if (leaving_)
        for (const auto& name : *leaving_)
            own_.let_go(name);
}

bool part_keeper::is_idle(const bundle& what) const
{
    return std::ranges::all_of(what, [this](const std::string& part) { return own_.is_idle(part); });
}

} // namespace testdome_sync::sync
