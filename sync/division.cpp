#include "sync/division.hpp"

#include "sync/environment.hpp"
#include "sync/parts.hpp"

#include <algorithm>
#include <map>

namespace testdome_sync::sync {
namespace {

ledger_part* find_part(ledger_division& division, const std::string& name)
{
    const auto found = std::ranges::find(division.parts, name, &ledger_part::name);
    return found == division.parts.end() ? nullptr : &*found;
}

/// Who does all of it; 0 if nobody does, or several do.
std::int64_t machine_of(const bundle& of, const ledger_division& division)
{
    std::int64_t machine = 0;
    for (const auto& name : of) {
        const auto part = std::ranges::find(division.parts, name, &ledger_part::name);
        if (part == division.parts.end() || (machine != 0 && part->machine != machine))
            return 0;
        machine = part->machine;
    }
    return machine;
}

bool can_do(const ledger_machine& machine, const bundle& what)
{
    return std::ranges::all_of(what,
                               [&](const std::string& part) { return std::ranges::count(machine.can_do, part) > 0; });
}

} // namespace

std::vector<bundle> bundles_of(const environment& world)
{
    std::vector<bundle> all{{testdome_part}};
    std::map<std::string, std::size_t> places; // by what they have in common
    for (const auto& mapping : world.mappings) {
        const auto common = mapping.connector->common_access();
        const auto [place, is_new] = places.try_emplace(common, all.size());
        if (is_new || common.empty())
            all.push_back({part_of(mapping.settings.name)});
        else
            all[place->second].push_back(part_of(mapping.settings.name));
    }
    return all;
}

void assign(ledger_division& division, const bundle& given, std::int64_t to)
{
    const auto machine = std::ranges::find(division.machines, to, &ledger_machine::number);
    for (const auto& name : given) {
        auto* part = find_part(division, name);
        if (!part || part->machine == to)
            continue;
        part->machine = to;
        if (machine != division.machines.end())
            part->machine_name = machine->name;
    }
}

void take_free(ledger_division& division, std::int64_t self, const std::vector<bundle>& bundles)
{
    for (const auto& one : bundles)
        for (const auto& name : one)
            if (const auto* part = find_part(division, name); part && part->machine == 0)
                assign(division, {name}, self);
}

std::optional<std::int64_t> heir_of(const bundle& given, const ledger_division& division, std::int64_t self,
                                    const std::vector<bundle>& bundles)
{
    if (machine_of(given, division) != self)
        return std::nullopt;
    std::map<std::int64_t, int> load;
    for (const auto& one : bundles)
        ++load[machine_of(one, division)];
    std::optional<std::int64_t> heir;
    for (const auto& machine : division.machines) {
        const bool is_relieving =
            machine.is_present && can_do(machine, given) && load[machine.number] + 2 <= load[self];
        if (is_relieving && (!heir || load[machine.number] < load[*heir]))
            heir = machine.number;
    }
    return heir;
}

std::optional<bundle> find_bundle_to_give(const ledger_division& division, std::int64_t self,
                                          const std::vector<bundle>& bundles)
{
    const auto last = std::find_if(bundles.rbegin(), bundles.rend(), [&](const bundle& one) {
        return heir_of(one, division, self, bundles).has_value();
    });
    return last == bundles.rend() ? std::nullopt : std::optional(*last);
}

} // namespace testdome_sync::sync
