#include "config/problems.hpp"
#include "connectors/catalog/explanation.hpp"
#include "connectors/catalog/manuals.hpp"
#include "connectors/catalog/markdown.hpp"
#include "connectors/catalog/starting_mapping.hpp"
#include "connectors/registry.hpp"
#include "connectors/rest/presets.hpp"
#include "daemon/commands.hpp"
#include "daemon/new_file.hpp"
#include "daemon/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iostream>
#include <optional>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

/// The folder that was asked for, or those where presets are installed.
std::vector<std::string> directories_of(const connectors_options& wanted)
{
    return wanted.directory.empty() ? rest::preset_directories() : std::vector{wanted.directory};
}

std::vector<catalog::fact_sheet> all_sheets(const std::vector<std::string>& directories, config::problems& found)
{
    std::vector<catalog::fact_sheet> all;
    for (const auto& name : rest::preset_names(directories))
        if (const auto tree = rest::find_preset(name, directories, found))
            all.push_back(catalog::read_fact_sheet(name, *tree, found));
    return all;
}

void list(const common_options& options, const std::vector<catalog::fact_sheet>& sheets)
{
    json::array all;
    table shown({"NAME", "SUMMARY"});
    const auto add = [&](std::string_view name, std::string_view summary) {
        all.push_back({{"name", name}, {"summary", summary}});
        shown.add({std::string(name), std::string(summary)});
    };
    for (const auto& one : sheets)
        add(one.name, one.summary);
    for (const auto& one : connectors::built_in_connectors())
        add(one.name, one.summary);
    std::cout << (options.json ? json::serialize(all) + '\n' : shown.text());
}

/// Of the connectors that are no presets.
std::vector<catalog::fact_sheet> connector_sheets()
{
    std::vector<catalog::fact_sheet> all;
    for (const auto& one : connectors::built_in_connectors())
        if (auto sheet = catalog::sheet_of_connector(one.name, one.summary))
            all.push_back(std::move(*sheet));
    return all;
}

/// The connector or preset of that name; throws if there is none or if it can't be read.
catalog::fact_sheet require_sheet(const std::string& name, const std::vector<std::string>& directories)
{
    const auto built_in = connector_sheets();
    if (const auto known = std::ranges::find(built_in, name, &catalog::fact_sheet::name); known != built_in.end())
        return *known;
    config::problems found;
    const auto tree = rest::find_preset(name, directories, found);
    std::optional<catalog::fact_sheet> sheet;
    if (tree)
        sheet = catalog::read_fact_sheet(name, *tree, found);
    if (!found.empty())
        throw config::configuration_error(found);
    if (!sheet)
        throw std::runtime_error("there is no preset \"" + name + '"' +
                                 config::did_you_mean(name, rest::preset_names(directories)) +
                                 "; `testdome-sync connectors` lists them");
    return *sheet;
}

} // namespace

int connectors(const common_options& options, const connectors_options& wanted)
{
    const auto directories = directories_of(wanted);
    if (!wanted.name.empty()) {
        const auto sheet = require_sheet(wanted.name, directories);
        std::cout << (options.json ? json::serialize(catalog::to_json(sheet)) + '\n' : catalog::explanation(sheet));
        return exit_status::well;
    }
    config::problems found;
    const auto sheets = all_sheets(directories, found);
    if (wanted.markdown)
        std::cout << catalog::markdown(sheets, connector_sheets());
    else
        list(options, sheets);
    if (!found.empty())
        throw config::configuration_error(found);
    return exit_status::well;
}

int init(const std::string& name, const std::string& output)
{
    const auto text = catalog::starting_mapping(require_sheet(name, rest::preset_directories()));
    if (output.empty())
        std::cout << text;
    else
        write_new_file(output, text);
    return exit_status::well;
}

} // namespace testdome_sync::daemon
