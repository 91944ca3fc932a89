#include "connectors/sql/description.hpp"

#include "connectors/application_template.hpp"

#include <algorithm>

namespace testdome_sync::sql {
namespace {

using names = std::vector<std::string>;

/// `parameters:` beside a statement; `given` are the names whose values come without being told.
std::vector<std::pair<std::string, config::json_template>> read_values(const statement& of, const config::node* written,
                                                                       const names& given, config::reader& in)
{
    std::vector<std::pair<std::string, config::json_template>> values;
    const config::node none;
    for (const auto& [key, member] : written ? written->members : none.members) {
        if (std::ranges::count(of.parameters, key.text) == 0)
            in.found().add(key.where, "the statement has no parameter :" + key.text +
                                          config::did_you_mean(key.text, of.parameters));
        values.emplace_back(key.text, config::json_template(member, in.library(), in.found()));
    }
    for (const auto& name : of.parameters)
        if (std::ranges::count(given, name) == 0 && (!written || !written->find(name)))
            in.found().add(of.where,
                           "the statement's :" + name + " needs a value; write parameters: {" + name + ": …}");
    return values;
}

/// A statement with its values; nothing if there is a problem.
std::optional<statement_description> read_one(config::reader& in, std::string_view key, statement_kind kind,
                                              database_type type, const names& given = {})
{
    const auto* written = in.require(key);
    const auto* values = in.child("parameters");
    auto made = written ? read_statement(*written, kind, type, in.found()) : std::nullopt;
    if (!made)
        return std::nullopt;
    auto read = read_values(*made, values, given, in);
    return statement_description{std::move(*made), std::move(read)};
}

/// A query alone, written as text or as {query, parameters}.
std::optional<statement_description> read_query(const config::node& value, const std::string& what, database_type type,
                                                config::reader& parent)
{
    config::reader in(value, what, parent.library(), parent.sources(), parent.found());
    return read_one(in, "query", statement_kind::query, type);
}

void read_list(const config::node& value, description& into, config::reader& parent)
{
    config::reader in(value, "\"list\"", parent.library(), parent.sources(), parent.found());
    if (auto query = read_one(in, "query", statement_kind::query, into.database.type, {"since", "cursor"}))
        into.list.query = std::move(*query);
    const names formats{"iso", "iso_ms", "iso_naive", "date", "epoch_s", "epoch_ms"};
    const auto format = in.choice("since", "iso", formats);
    into.list.since = *connectors::time_format::from(format);
    into.list.cursor = in.expression("cursor");
    into.list.limits.rows = static_cast<std::size_t>(in.number("rows", 50'000, 1, 1'000'000));
    into.list.limits.bytes = static_cast<std::size_t>(in.number("mebibytes", 64, 1, 1024)) * 1024 * 1024;
}

std::vector<lookup_description> read_lookups(const config::node& value, database_type type, config::reader& parent)
{
    std::vector<lookup_description> all;
    for (const auto& [key, member] : value.members) {
        config::reader in(member, "lookup \"" + key.text + '"', parent.library(), parent.sources(), parent.found());
        auto query = read_one(in, "query", statement_kind::query, type);
        auto missing = in.text("missing");
        if (query)
            all.push_back({key.text, std::move(*query), std::move(missing)});
    }
    return all;
}

already_description read_already(const config::node& value, const std::string& action, database_type type,
                                 config::reader& parent)
{
    already_description made;
    config::reader in(value, "\"already\" of action \"" + action + '"', parent.library(), parent.sources(),
                      parent.found());
    if (in.has("query") || !in.has("when"))
        made.query = read_one(in, "query", statement_kind::query, type);
    made.when = in.expression("when");
    return made;
}

std::vector<change_description> read_statements(const config::node& value, const std::string& action,
                                                database_type type, config::reader& parent)
{
    std::vector<change_description> all;
    if (value.kind != config::node_kind::sequence || value.items.empty())
        parent.found().add(value.where,
                           "\"statements\" of action \"" + action + "\" is a list of - {sql: …, parameters: …}");
    for (const auto& item : value.items) {
        config::reader in(item, "a statement of action \"" + action + '"', parent.library(), parent.sources(),
                          parent.found());
        auto read = read_one(in, "sql", statement_kind::change, type);
        std::optional<long long> rows;
        if (in.has("expect_rows"))
            rows = in.number("expect_rows", 1, 0, 1'000'000);
        if (read)
            all.push_back({std::move(*read), rows});
    }
    return all;
}

action_description read_action(const std::string& name, const config::node& value, database_type type,
                               config::reader& parent)
{
    action_description made;
    made.name = name;
    config::reader in(value, "action \"" + name + '"', parent.library(), parent.sources(), parent.found());
    made.description = in.text("description");
    in.ignore("example"); // for people
    in.ignore("caveat");  // likewise: connectors/catalog
    if (const auto* lookups = in.child("lookups"))
        made.lookups = read_lookups(*lookups, type, in);
    if (const auto* already = in.child("already"))
        made.already = read_already(*already, name, type, in);
    if (const auto* statements = in.require("statements"))
        made.statements = read_statements(*statements, name, type, in);
    made.idempotent = in.flag("idempotent", false);
    if (const auto* known = in.child("known"))
        made.known = read_query(*known, "\"known\" of action \"" + name + '"', type, in);
    return made;
}

void read_time_zone(config::reader& in, description& into)
{
    into.time_zone = in.text("time_zone");
    if (const auto* written = in.child("time_zone"); written && !connectors::is_time_zone(into.time_zone))
        in.found().add(written->where, connectors::unknown_time_zone(config::shown_value(*written, into.time_zone)));
}

void read_reading(config::reader& in, description& into)
{
    if (const auto* list = in.require("list"))
        read_list(*list, into, in);
    read_time_zone(in, into);
    into.select = in.expression("select");
    if (const auto* application = in.require("application"))
        into.application = connectors::read_application(*application, in);
    if (const auto* check = in.child("check"))
        into.check = read_query(*check, "\"check\"", into.database.type, in);
    if (const auto* stages = in.child("stage_names"))
        into.stage_names = read_query(*stages, "\"stage_names\"", into.database.type, in);
}

void read_credentials(const config::mapping& mapping, description& into, config::reader& in)
{
    rest::description credentials;
    rest::read_parameters(in, mapping, credentials);
    into.credentials = std::move(credentials.credentials);
    into.credentials.erase("password");
}

} // namespace

std::optional<description> read_description(const config::mapping& mapping, const config::node* preset,
                                            config::problems& found)
{
    const auto before = found.list().size();
    const auto tree = preset ? config::merge(*preset, mapping.connector_settings) : mapping.connector_settings;
    description into;
    into.mapping = mapping.name;
    std::map<std::string, std::string> lacks;
    {
        config::reader in(tree, "the mapping file", *mapping.library, mapping.sources, found);
        for (const auto* key : {"connector", "summary", "documentation", "example", "caveats", "sources", "unverified"})
            in.ignore(key);
        read_credentials(mapping, into, in);
        if (const auto* database = in.require("database"))
            into.database = read_database(*database, mapping, in);
        read_reading(in, into);
        if (const auto* actions = in.child("actions"))
            for (const auto& [key, member] : actions->members)
                into.actions.emplace(key.text, read_action(key.text, member, into.database.type, in));
        into.used_names = rest::find_used_names(mapping);
        if (const auto* written = in.child("lacks"))
            for (const auto& [key, why] : written->members)
                lacks[key.text] = why.text;
    }
    rest::report_unknown_actions(mapping, rest::names_of(into.actions), lacks, found);
    return found.list().size() == before ? std::optional(std::move(into)) : std::nullopt;
}

} // namespace testdome_sync::sql
