#include "connectors/registry.hpp"

#include "connectors/csv/connector.hpp"
#include "connectors/exec/connector.hpp"
#include "connectors/rest/connector.hpp"
#include "connectors/rest/presets.hpp"
#include "connectors/sql/connector.hpp"

#include <algorithm>
#include <string>

namespace testdome_sync::connectors {
namespace {

/// `preset` is null for a mapping that describes its HR system itself.
std::optional<connector_factory> read_rest(const config::mapping& mapping, const config::node* preset,
                                           config::problems& found)
{
    auto described = rest::read_description(mapping, preset, found);
    if (!described)
        return std::nullopt;
    return [described = std::move(*described)](surroundings& around) mutable {
        auto& network = around.network(described.ca_file, described.crl_file);
        return rest::create_connector(std::move(described), network, around.clock(), around.random(), around.events(),
                                      {&around.tokens(), &around.shared_access()});
    };
}

std::optional<connector_factory> read_exec(const config::mapping& mapping, config::problems& found)
{
    auto described = exec::read_description(mapping, found);
    if (!described)
        return std::nullopt;
    return [described = std::move(*described)](surroundings& around) mutable {
        return exec::create_connector(std::move(described), around.programs(), around.clock(), around.events());
    };
}

std::optional<connector_factory> read_sql(const config::mapping& mapping, const config::node* preset,
                                          config::problems& found)
{
    auto described = sql::read_description(mapping, preset, found);
    if (!described)
        return std::nullopt;
    return [described = std::move(*described)](surroundings& around) mutable {
        return sql::create_connector(std::move(described), around);
    };
}

/// A preset is for the REST connector unless it names another.
std::optional<connector_factory> read_preset(const config::mapping& mapping, const config::node& preset,
                                             config::problems& found)
{
    const auto* base = preset.find("connector");
    if (!base || base->text == "rest")
        return read_rest(mapping, &preset, found);
    if (base->text == "sql")
        return read_sql(mapping, &preset, found);
    found.add(base->where, "a preset is for the connector rest or sql, not \"" + base->text + '"');
    return std::nullopt;
}

std::optional<connector_factory> read_csv(const config::mapping& mapping, config::problems& found)
{
    auto described = csv::read_description(mapping, found);
    if (!described)
        return std::nullopt;
    return [described = std::move(*described)](surroundings& around) mutable {
        return csv::create_connector(std::move(described), around);
    };
}

void report_unknown_connector(const config::mapping& mapping, config::problems& found)
{
    auto names = rest::preset_names(rest::preset_directories());
    for (const auto& one : built_in_connectors())
        names.emplace_back(one.name);
    std::string list;
    for (const auto& name : names)
        list += (list.empty() ? "" : ", ") + name;
    found.add(mapping.connector_where, "there is no connector or preset \"" + mapping.connector + '"' +
                                           config::did_you_mean(mapping.connector, names) + " (there are: " + list +
                                           ")");
}

} // namespace

const std::vector<built_in_connector>& built_in_connectors()
{
    static const std::vector<built_in_connector> all{
        {"csv", "CSV files that an HR system exports; results are appended to one", read_csv},
        {"rest", "any HTTP API, described in the mapping file itself",
         [](const config::mapping& mapping, config::problems& found) { return read_rest(mapping, nullptr, found); }},
        {"exec", "any program that speaks JSON lines on its standard input and output", read_exec},
        {"sql", "a database: SQLite, PostgreSQL, MariaDB or MySQL, or any with an ODBC driver",
         [](const config::mapping& mapping, config::problems& found) { return read_sql(mapping, nullptr, found); }},
    };
    return all;
}

std::optional<connector_factory> read_connector(const config::mapping& mapping, config::problems& found)
{
    if (mapping.connector.empty())
        return std::nullopt;
    for (const auto& one : built_in_connectors())
        if (one.name == mapping.connector)
            return one.read(mapping, found);
    const auto before = found.list().size();
    const auto preset = rest::find_preset(mapping.connector, rest::preset_directories(), found);
    if (preset)
        return read_preset(mapping, *preset, found);
    if (found.list().size() == before)
        report_unknown_connector(mapping, found);
    return std::nullopt;
}

} // namespace testdome_sync::connectors
