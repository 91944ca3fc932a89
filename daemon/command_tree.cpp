#include "daemon/command_tree.hpp"

#include <CLI/CLI.hpp>

namespace testdome_sync::daemon {
namespace {

value_kind kind_of(const std::string& value)
{
    if (value.empty())
        return value_kind::none;
    if (value.starts_with("FILE"))
        return value_kind::file;
    return value.starts_with("DIR") ? value_kind::folder : value_kind::text;
}

option_description describe(const CLI::Option& option)
{
    option_description described;
    for (const auto& name : option.get_snames())
        described.names.push_back('-' + name);
    for (const auto& name : option.get_lnames())
        described.names.push_back("--" + name);
    if (described.names.empty())
        described.value = option.get_single_name();
    else if (option.get_items_expected_max() > 0)
        described.value =
            option.get_type_name().substr(0, option.get_type_name().find(':')); // a check stands behind ':'
    described.kind = kind_of(described.value);
    described.description = option.get_description();
    described.required = option.get_required();
    described.repeated = option.get_items_expected_max() > 1;
    return described;
}

void add_options(const CLI::App& app, std::vector<option_description>& options)
{
    const auto* help_of_a_group = app.get_name().empty() ? app.get_help_ptr() : nullptr;
    for (const auto* option : app.get_options())
        if (!option->get_group().empty() && option != help_of_a_group)
            options.push_back(describe(*option));
}

command_description describe(const CLI::App& app, std::vector<std::string> path)
{
    command_description described;
    described.description = app.get_description();
    add_options(app, described.options);
    for (const auto* below : app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); })) {
        if (below->get_name().empty()) { // a group of options
            add_options(*below, described.options);
            continue;
        }
        auto longer = path;
        longer.push_back(below->get_name());
        described.commands.push_back(describe(*below, std::move(longer)));
    }
    described.path = std::move(path);
    return described;
}

} // namespace

command_description describe_commands(const CLI::App& app)
{
    return describe(app, {});
}

std::vector<const command_description*> all_commands(const command_description& root)
{
    std::vector<const command_description*> all{&root};
    for (const auto& command : root.commands)
        for (const auto* below : all_commands(command))
            all.push_back(below);
    return all;
}

} // namespace testdome_sync::daemon
