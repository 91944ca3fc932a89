#include "connectors/rest/description.hpp"

#include <algorithm>

namespace testdome_sync::rest {
namespace {

void take_credentials(const config::mapping& mapping, description& into, config::problems& found)
{
    std::vector<std::string> names;
    for (const auto& one : into.parameters) {
        names.push_back(one.name);
        if (one.required && !mapping.credential_positions.contains(one.name))
            found.add(mapping.credentials_where, "\"credentials\" needs \"" + one.name + '"' +
                                                     (one.description.empty() ? "" : ": " + one.description));
    }
    for (const auto& [name, where] : mapping.credential_positions)
        if (std::ranges::count(names, name) == 0 && !names.empty())
            found.add(where, "unknown credential \"" + name + '"' + config::did_you_mean(name, names));
    for (const auto& [name, value] : mapping.credentials)
        into.credentials[name] = value.reveal();
    for (const auto& one : into.parameters)
        if (const auto* value = one.secret ? nullptr : into.credentials.if_contains(one.name))
            into.open_parameters[one.name] = *value;
}

} // namespace

void read_parameters(config::reader& parent, const config::mapping& mapping, description& into)
{
    if (const auto* parameters = parent.child("parameters"))
        for (const auto& [key, member] : parameters->members) {
            config::reader in(member, "parameter \"" + key.text + '"', parent.library(), parent.sources(),
                              parent.found());
            in.ignore("example"); // for people
            const auto fallback = in.text("default");
            const bool required = in.flag("required", !in.has("default"));
            into.parameters.push_back({key.text, required, in.flag("secret", true), in.text("description")});
            if (!fallback.empty())
                into.credentials[key.text] = fallback;
        }
    take_credentials(mapping, into, parent.found());
}

std::optional<description> read_description(const config::mapping& mapping, const config::node* preset,
                                            config::problems& found)
{
    const auto before = found.list().size();
    const auto tree = preset ? config::merge(*preset, mapping.connector_settings) : mapping.connector_settings;
    description into;
    into.mapping = mapping.name;
    {
        config::reader in(tree, "the mapping file", *mapping.library, mapping.sources, found);
        into.summary = in.text("summary");
        // For people: `connectors NAME` shows them. `connector` is the one that the preset is for.
        for (const auto* key : {"connector", "documentation", "example", "scopes", "sources", "unverified"})
            in.ignore(key);
        into.caveats = in.texts("caveats");
        read_parameters(in, mapping, into);
        read_connection(in, mapping, into);
        read_reading(in, into);
        if (const auto* actions = in.child("actions"))
            into.actions = read_actions(*actions, in);
        if (const auto* lacks = in.child("lacks"))
            for (const auto& [key, why] : lacks->members)
                into.lacks[key.text] = why.text;
    }
    report_unknown_actions(mapping, names_of(into.actions), into.lacks, found);
    return found.list().size() == before ? std::optional(std::move(into)) : std::nullopt;
}

} // namespace testdome_sync::rest
