#include "connectors/catalog/caveats.hpp"

#include "connectors/catalog/fact_sheet.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace testdome_sync::catalog {
namespace {

auto place(const config::position& where)
{
    return std::tuple(where.line, where.column);
}

/// Where each action stands first.
std::map<std::string, config::position> first_uses(const config::mapping& mapping)
{
    std::map<std::string, config::position> uses;
    for (const auto& [event, actions] : mapping.write_back)
        for (const auto& action : actions) {
            const auto [known, fresh] = uses.try_emplace(action.name, action.where);
            if (!fresh && place(action.where) < place(known->second))
                known->second = action.where;
        }
    return uses;
}

std::string caveat_of(const action_facts& action)
{
    std::string text;
    if (action.repetition == after_a_doubt::asks)
        text = "after a lost answer it can't be looked up and is not repeated: it becomes unconfirmed, and a person "
               "decides (`show`, `replay`)";
    if (!action.caveat.empty())
        text += (text.empty() ? "" : "; ") + action.caveat;
    return text;
}

} // namespace

std::vector<config::problem> caveats_of(const config::mapping& mapping, const config::node& described)
{
    config::problems ignored; // whoever reads the connector tells them
    const auto sheet = read_fact_sheet(mapping.connector, described, ignored);
    std::vector<config::problem> all;
    for (const auto& [name, where] : first_uses(mapping)) {
        const auto* action = sheet.find_action(name);
        if (const auto text = action ? caveat_of(*action) : std::string{}; !text.empty())
            all.push_back({where, '"' + name + "\": " + text});
    }
    std::ranges::sort(all, {}, [](const config::problem& one) { return place(one.where); });
    return all;
}

} // namespace testdome_sync::catalog
