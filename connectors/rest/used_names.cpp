#include "connectors/rest/used_names.hpp"

#include <algorithm>
#include <regex>

namespace testdome_sync::rest {

std::vector<used_name> find_used_names(const config::mapping& mapping)
{
    std::vector<used_name> used;
    for (const auto& [event, actions] : mapping.write_back)
        for (const auto& action : actions) {
            const bool literal = action.raw.kind == config::node_kind::scalar && action.raw.tag.empty() &&
                                 action.raw.text.find("{{") == std::string::npos;
            if (literal)
                used.push_back({action.name, action.raw.text, action.raw.where});
            for (const auto& [key, value] : action.raw.members)
                used.push_back({action.name, key.text, key.where});
        }
    static const std::regex stage(R"re(\.stage\.name\s*==\s*"([^"\\]+)")re");
    for (const auto& rule : mapping.rules) {
        const auto text = rule.when ? rule.when->text() : std::string{};
        for (auto match = std::sregex_iterator(text.begin(), text.end(), stage); match != std::sregex_iterator();
             ++match)
            used.push_back({"", (*match)[1].str(), rule.when->where()});
    }
    return used;
}

std::optional<std::string> finding_about(const used_name& used, const std::vector<std::string>& known,
                                         std::string_view whose)
{
    if (std::ranges::count(known, used.name) > 0)
        return std::nullopt;
    return used.where.text() + ": " + std::string(whose) + " has no " +
           (used.action.empty() ? "stage" : used.action + " for") + " \"" + used.name + '"' +
           config::did_you_mean(used.name, known);
}

void report_unknown_actions(const config::mapping& mapping, const std::vector<std::string>& known,
                            const std::map<std::string, std::string>& lacks, config::problems& found)
{
    std::string list;
    for (const auto& name : known)
        list += (list.empty() ? "" : ", ") + name;
    const auto has = list.empty() ? std::string{} : " (it has: " + list + ")";
    for (const auto& [event, actions] : mapping.write_back)
        for (const auto& action : actions) {
            if (std::ranges::count(known, action.name) > 0)
                continue;
            const auto lacking = lacks.find(action.name);
            if (lacking != lacks.end())
                found.add(action.where,
                          "\"" + mapping.connector + "\" can't do \"" + action.name + "\": " + lacking->second + has);
            else
                found.add(action.where, "\"" + mapping.connector + "\" has no action \"" + action.name + '"' +
                                            config::did_you_mean(action.name, known) + has);
        }
}

} // namespace testdome_sync::rest
