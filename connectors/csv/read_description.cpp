#include "config/reader.hpp"
#include "connectors/application_template.hpp"
#include "connectors/csv/columns.hpp"
#include "connectors/csv/decoder.hpp"
#include "connectors/times.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

namespace testdome_sync::csv {
namespace {

std::string absolute(std::string path, const config::mapping& mapping)
{
    if (path.empty())
        return path;
    path = std::filesystem::absolute(std::filesystem::path(mapping.sources.base_directory) / path)
               .lexically_normal()
               .string();
    if (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

std::optional<char> read_separator(config::reader& in)
{
    const auto* written = in.child("separator");
    if (!written)
        return std::nullopt;
    const auto text = in.text("separator");
    if (text == "\t" || text == "tab")
        return '\t';
    if (text == "," || text == ";")
        return text.front();
    in.found().add(written->where,
                   "\"separator\" must be \",\", \";\" or tab, not " + config::shown_value(*written, text));
    return std::nullopt;
}

std::string read_encoding(config::reader& in)
{
    auto name = in.text("encoding");
    if (const auto* written = in.child("encoding"); written && !is_known_encoding(name)) {
        in.found().add(written->where, "there is no encoding " + config::shown_value(*written, name) +
                                           "; usual ones are utf-8, utf-16le, utf-16be, windows-1252 and windows-1250");
        return {};
    }
    return name;
}

std::string read_time_zone(config::reader& in)
{
    auto name = in.text("time_zone");
    if (const auto* written = in.child("time_zone"); written && !connectors::is_time_zone(name))
        in.found().add(written->where, connectors::unknown_time_zone(config::shown_value(*written, name)));
    return name;
}

/// The columns that the mapping's actions give, in the file's order.
std::vector<std::string> outcome_columns(const config::mapping& mapping, config::problems& found)
{
    std::map<std::tuple<std::uint32_t, std::uint32_t>, std::string> in_order;
    std::vector<std::string> own(std::begin(own_columns_before), std::end(own_columns_before));
    own.emplace_back(marker_column);
    for (const auto& [event, actions] : mapping.write_back)
        for (const auto& action : actions) {
            if (action.name == "note")
                in_order[{action.where.line, action.where.column}] = note_column;
            if (action.name != "row")
                continue;
            if (action.raw.kind != config::node_kind::mapping || action.raw.members.empty()) {
                found.add(action.where, "\"row\" needs columns and their values: row: {score: !jq .result.score}");
                continue;
            }
            for (const auto& [key, value] : action.raw.members) {
                if (std::ranges::count(own, key.text) > 0)
                    found.add(key.where, "the column \"" + key.text +
                                             "\" is in every row by itself; name yours "
                                             "otherwise");
                in_order[{key.where.line, key.where.column}] = key.text;
            }
        }
    std::vector<std::string> columns(own.begin(), own.end() - 1);
    for (const auto& [place, name] : in_order)
        if (std::ranges::count(columns, name) == 0)
            columns.push_back(name);
    columns.emplace_back(marker_column);
    return columns;
}

std::optional<outcome_description> read_outcomes(const config::node* value, const config::mapping& mapping,
                                                 config::reader& in)
{
    if (!value)
        return std::nullopt;
    outcome_description made;
    const auto separator = [](config::reader& from) { return read_separator(from).value_or(','); };
    if (value->kind == config::node_kind::mapping) {
        config::reader of(*value, "\"outcomes\"", in.library(), in.sources(), in.found());
        made.path = of.required_text("file");
        made.separator = separator(of);
        made.neutralise_formulas = of.flag("neutralise_formulas", true);
    } else {
        made.path = in.text("outcomes");
    }
    made.path = absolute(made.path, mapping);
    made.columns = outcome_columns(mapping, in.found());
    return made;
}

void check_write_back(const config::mapping& mapping, bool has_outcomes, config::problems& found)
{
    const std::vector<std::string> actions{"note", "row"};
    for (const auto& [event, listed] : mapping.write_back)
        for (const auto& action : listed) {
            if (std::ranges::count(actions, action.name) == 0)
                found.add(action.where, "\"csv\" has no action \"" + action.name + '"' +
                                            config::did_you_mean(action.name, actions) + " (it has: note, row)");
            else if (!has_outcomes)
                found.add(action.where, '"' + action.name +
                                            "\" needs a file to write to: outcomes: "
                                            "/var/lib/hr-export/outcomes.csv");
        }
}

void read_reading(config::reader& in, description& into)
{
    if (const auto* select = in.child("select"))
        find_columns(*select, into.columns);
    into.select = in.expression("select");
    const auto* application = in.require("application");
    if (!application)
        return;
    into.application = connectors::read_application(*application, in);
    find_columns(*application, into.columns);
}

} // namespace

std::optional<description> read_description(const config::mapping& mapping, config::problems& found)
{
    const auto before = found.list().size();
    description into;
    into.mapping = mapping.name;
    {
        config::reader in(mapping.connector_settings, "the mapping file", *mapping.library, mapping.sources, found);
        into.files = absolute(in.required_text("files"), mapping);
        into.pattern = in.text("pattern", into.pattern);
        into.separator = read_separator(in);
        into.encoding = read_encoding(in);
        into.time_zone = read_time_zone(in);
        into.quiet = in.duration("quiet", into.quiet);
        into.limit_bytes = static_cast<std::uint64_t>(in.number("limit_mib", 32, 1, 1024)) * 1024 * 1024;
        read_reading(in, into);
        into.outcomes = read_outcomes(in.child("outcomes"), mapping, in);
    }
    for (const auto& [name, where] : mapping.credential_positions)
        found.add(where, "\"csv\" needs no credentials; remove \"" + name + '"');
    check_write_back(mapping, into.outcomes.has_value(), found);
    return found.list().size() == before ? std::optional(std::move(into)) : std::nullopt;
}

} // namespace testdome_sync::csv
