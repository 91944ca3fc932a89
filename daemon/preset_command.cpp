#include "connectors/examples/preset_test.hpp"
#include "connectors/rest/presets.hpp"
#include "daemon/commands.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

/// A file, or the name of a preset that is installed.
examples::preset_paths paths_for(const std::string& file_or_name)
{
    if (file_or_name.find('/') != std::string::npos || file_or_name.ends_with(".yaml"))
        return examples::paths_of(file_or_name);
    const auto directories = rest::preset_directories();
    if (const auto path = rest::preset_path(file_or_name, directories))
        return examples::paths_of(*path);
    throw std::runtime_error("there is no preset \"" + file_or_name + '"' +
                             config::did_you_mean(file_or_name, rest::preset_names(directories)) +
                             "; give a file: preset test ./" + file_or_name + ".yaml");
}

json::array json_of(const config::problems& found)
{
    json::array all;
    for (const auto& one : found.list())
        all.push_back({{"where", one.where.text()}, {"message", one.message}});
    return all;
}

/// For whoever compares them with the HR system's own description (tests/contract).
json::array json_of(const std::vector<examples::played_exchange>& played)
{
    json::array all;
    for (const auto& one : played) {
        const auto type = one.sent.headers.find("Content-Type").value_or("");
        all.push_back({{"method", one.sent.method},
                       {"url", one.sent.url},
                       {"content_type", type},
                       {"body", one.sent.body},
                       {"answer", {{"status", one.answer.status}, {"body", one.answer.body}}}});
    }
    return all;
}

json::object json_of(const examples::preset_report& report)
{
    json::array all;
    for (const auto& one : report.examples)
        all.push_back({{"name", one.name},
                       {"where", one.where.text()},
                       {"ok", one.found.empty()},
                       {"problems", json_of(one.found)},
                       {"exchanges", json_of(one.played)}});
    return {{"preset", report.preset},
            {"ok", report.well()},
            {"examples", std::move(all)},
            {"not_shown", json_of(report.not_shown)}};
}

std::string counted(std::size_t count, const std::string& what)
{
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

void print(const examples::preset_report& report)
{
    std::cout << report.preset << '\n';
    for (const auto& one : report.examples)
        std::cout << (one.found.empty() ? "  ok      " : "  FAILED  ") << one.name << '\n' << one.found.text();
    std::cout << report.not_shown.text();
    const auto failed = static_cast<std::size_t>(
        std::ranges::count_if(report.examples, [](const auto& one) { return !one.found.empty(); }));
    std::cout << counted(report.examples.size(), "example") << ": ";
    if (report.well())
        std::cout << "all ok\n";
    else
        std::cout << failed << " failed, " << counted(report.not_shown.list().size(), "part")
                  << " of the preset without an example\n";
}

} // namespace

int preset_test(const common_options& options, const std::vector<std::string>& files)
{
    json::array all;
    config::problems mistakes;
    bool well = true;
    for (const auto& file : files) {
        const auto report = examples::test_preset(paths_for(file), mistakes);
        if (!report)
            continue;
        well = well && report->well();
        if (options.json)
            all.push_back(json_of(*report));
        else
            print(*report);
    }
    if (options.json)
        std::cout << json::serialize(all) << '\n';
    if (!mistakes.empty())
        throw config::configuration_error(mistakes);
    return well ? exit_status::well : exit_status::not_well;
}

} // namespace testdome_sync::daemon
