#pragma once

#include "config/mapping.hpp"
#include "config/problems.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::rest {

/// A name that the mapping file uses and that the HR system must know.
struct used_name {
    std::string action; ///< empty: a stage in a rule
    std::string name;
    config::position where;
};
std::vector<used_name> find_used_names(const config::mapping& mapping);

/// What `check --online` says of a name that isn't among those that `whose` ("the HR system") knows; else nothing.
std::optional<std::string> finding_about(const used_name& used, const std::vector<std::string>& known,
                                         std::string_view whose);

template <class Action>
std::vector<std::string> names_of(const std::map<std::string, Action>& actions)
{
    std::vector<std::string> names;
    for (const auto& [name, action] : actions)
        names.push_back(name);
    return names;
}

/// What a mapping asks for and its HR system can't do is told when the file is read, not when somebody waits for it:
/// each action that isn't among the `known`, with the reason where `lacks` has one, is a problem.
void report_unknown_actions(const config::mapping& mapping, const std::vector<std::string>& known,
                            const std::map<std::string, std::string>& lacks, config::problems& found);

} // namespace testdome_sync::rest
