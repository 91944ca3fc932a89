#include "connectors/catalog/manuals.hpp"

#include <algorithm>
#include <memory>

namespace testdome_sync::catalog {

std::optional<fact_sheet> sheet_of_connector(std::string_view name, std::string_view summary)
{
    const auto found = std::ranges::find(manuals(), name, &manual::name);
    if (found == manuals().end())
        return std::nullopt;
    auto file = std::make_shared<config::source>();
    file->name = "connectors/" + std::string(name) + "/facts.yaml";
    file->text = found->facts;
    config::problems mistakes;
    const auto tree = config::parse_yaml(file, mistakes);
    fact_sheet made;
    if (tree)
        made = read_fact_sheet(std::string(name), *tree, mistakes);
    if (!mistakes.empty())
        throw config::configuration_error(mistakes);
    made.summary = summary;
    made.example = found->example;
    return made;
}

} // namespace testdome_sync::catalog
