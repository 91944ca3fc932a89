#include "connectors/examples/preset_test.hpp"

#include "connectors/catalog/fact_sheet.hpp"
#include "connectors/examples/coverage.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>

namespace testdome_sync::examples {
namespace {

constexpr std::string_view preset_ending = ".yaml";
constexpr std::string_view examples_ending = ".examples.yaml";

/// The mapping file that an administrator would write for these examples, without rules.
config::mapping mapping_of(const example_file& file, const std::string& name)
{
    config::mapping made;
    made.name = made.connector = name;
    made.path = file.path;
    made.library = config::jq_library::create();
    made.credentials_where = made.connector_where = file.credentials_where;
    made.credential_positions = file.credential_positions;
    for (const auto& [key, value] : file.credentials)
        made.credentials[key] = config::secret(value);
    made.connector_settings = file.mapping;
    return made;
}

/// Foreign text stands in some of them, and a problem is one line.
config::problems on_one_line(const config::problems& found)
{
    config::problems made;
    for (const auto& one : found.list()) {
        std::string message;
        for (const char c : one.message) {
            if (c == '\n')
                message += "\\n";
            else
                message += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
        }
        made.add(one.where, std::move(message));
    }
    return made;
}

} // namespace

bool preset_report::well() const
{
    return not_shown.empty() && std::ranges::all_of(examples, [](const auto& one) { return one.found.empty(); });
}

preset_paths paths_of(const std::string& path)
{
    if (path.ends_with(examples_ending))
        return {path.substr(0, path.size() - examples_ending.size()) + std::string(preset_ending), path};
    if (path.ends_with(preset_ending))
        return {path, path.substr(0, path.size() - preset_ending.size()) + std::string(examples_ending)};
    return {path, path + std::string(examples_ending)};
}

std::optional<preset_report> test_preset(const preset_paths& paths, config::problems& mistakes)
{
    const auto preset = config::read_yaml(paths.preset, mistakes);
    if (const auto* connector = preset ? preset->find("connector") : nullptr) {
        mistakes.add(connector->where, "this preset is for connector " + connector->text +
                                           ": examples are requests over HTTP, so there are none of it");
        return std::nullopt;
    }
    std::error_code error;
    if (preset && !std::filesystem::exists(paths.examples, error)) {
        mistakes.add(preset->where, "this preset has no examples; write them into " + paths.examples);
        return std::nullopt;
    }
    const auto examples = config::read_yaml(paths.examples, mistakes);
    return preset && examples ? test_preset(paths, *preset, *examples, mistakes) : std::nullopt;
}

std::optional<preset_report> test_preset(const preset_paths& paths, const config::node& preset,
                                         const config::node& examples, config::problems& mistakes)
{
    const auto before = mistakes.list().size();
    const auto file = read_examples(examples, paths.examples, mistakes);
    const auto mapping = mapping_of(file, std::filesystem::path(paths.preset).stem().string());
    const auto described = rest::read_description(mapping, &preset, mistakes);
    mapping.library->compile(mistakes);
    catalog::read_fact_sheet(mapping.name, preset, mistakes); // what is only for people has mistakes, too
    if (!described || mistakes.list().size() > before)
        return std::nullopt;
    preset_report report;
    report.preset = paths.preset;
    shown_parts shown;
    for (const auto& one : file.examples) {
        example_report played{one.name, one.where, {}, {}};
        try {
            played.played = rehearse(one, file, *described, shown, played.found);
        } catch (const std::exception& error) {
            played.found.add(one.where, std::string("the connector failed: ") + error.what());
        }
        played.found = on_one_line(played.found);
        report.examples.push_back(std::move(played));
    }
    config::problems not_shown;
    report_not_shown(preset, *described, *mapping.library, shown, not_shown);
    report.not_shown = on_one_line(not_shown);
    return report;
}

} // namespace testdome_sync::examples
