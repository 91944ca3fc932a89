#include "config/problems.hpp"
#include "connectors/rest/presets.hpp"
#include "daemon/commands.hpp"
#include "daemon/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <iostream>

namespace testdome_sync::daemon {
namespace json = boost::json;

int connectors(const common_options& options, const std::string& name)
{
    const auto directories = rest::preset_directories();
    config::problems found;
    if (name.empty()) {
        json::array all;
        table shown({"NAME", "SUMMARY"});
        const auto add = [&](const std::string& one, const std::string& summary) {
            all.push_back({{"name", one}, {"summary", summary}});
            shown.add({one, summary});
        };
        for (const auto& preset : rest::preset_names(directories)) {
            const auto tree = rest::find_preset(preset, directories, found);
            const auto* summary = tree ? tree->find("summary") : nullptr;
            add(preset, summary ? summary->text : "");
        }
        add("rest", "any HTTP API, described in the mapping file itself");
        std::cout << (options.json ? json::serialize(all) + '\n' : shown.text());
        return exit_status::well;
    }
    const auto tree = rest::find_preset(name, directories, found);
    if (!found.empty())
        throw config::configuration_error(found);
    if (!tree)
        throw std::runtime_error("there is no preset \"" + name + '"' +
                                 config::did_you_mean(name, rest::preset_names(directories)));
    if (options.json) {
        std::cout << json::serialize(config::to_json(*tree)) << '\n';
        return exit_status::well;
    }
    const auto section = [&](const char* title, const char* key) {
        const auto* part = tree->find(key);
        if (!part)
            return;
        std::cout << '\n' << title << '\n';
        for (const auto& item : part->items)
            std::cout << "  - " << item.text << '\n';
        for (const auto& [entry, value] : part->members) {
            const auto* description = value.find("description");
            const auto* required = value.find("required");
            std::cout << "  " << entry.text << (required && required->text == "false" ? " (optional)" : "")
                      << (description ? ": " + description->text : "") << '\n';
        }
    };
    const auto* summary = tree->find("summary");
    std::cout << name << (summary ? ": " + summary->text : "") << '\n';
    section("credentials:", "parameters");
    section("actions for write_back:", "actions");
    section("scopes to grant:", "scopes");
    section("good to know:", "caveats");
    std::cout << "\nexample mapping (mappings.d/NAME.yaml):\n  connector: " << name << "\n  credentials:\n";
    if (const auto* parameters = tree->find("parameters"))
        for (const auto& [entry, value] : parameters->members)
            std::cout << "    " << entry.text << ": !credential " << name << '-' << entry.text << '\n';
    std::cout << "  rules:\n    - name: engineers\n      when: !jq .job.name == \"C++ Engineer\"\n      test: C++ "
                 "Senior\n      invitation:\n"
                 "        deadline: 7d\n        reply_to: recruiting@example.com\n        message: Please take this "
                 "test before {{ .deadline }}.\n";
    return exit_status::well;
}

} // namespace testdome_sync::daemon
