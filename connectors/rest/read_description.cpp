#include "config/checks.hpp"
#include "connectors/rest/description.hpp"

#include <algorithm>
#include <filesystem>

namespace testdome_sync::rest {
namespace {

auth_description read_auth(const config::node& value, const std::string& token_url, config::reader& parent)
{
    auth_description made;
    config::reader in(value, "\"auth\"", parent.library(), parent.sources(), parent.found());
    const std::vector<std::string> names{
        "none", "basic", "bearer", "header", "query", "oauth2_client_credentials", "oauth2_password"};
    in.require("type");
    const auto type = in.choice("type", "none", names);
    made.type = static_cast<auth_type>(std::ranges::find(names, type) - names.begin());
    made.user = in.text_parts("user").value_or(config::text_template{});
    made.secret = in.text_parts("value").value_or(config::text_template{});
    made.name = in.text("name");
    made.token_url = in.text("token_url");
    if (!token_url.empty())
        made.token_url = token_url;
    made.client_in_body = in.choice("client", "basic", {"basic", "body"}) == "body";
    if (const auto* form = in.child("form"))
        made.form = read_pairs(*form, "\"form\"", in);
    if (in.has("scheme"))
        made.token_scheme = in.text("scheme");
    const bool oauth = made.type == auth_type::oauth2_client_credentials || made.type == auth_type::oauth2_password;
    if (oauth && made.token_url.empty())
        in.found().add(value.where, "\"auth\" of type " + type + " needs \"token_url\"");
    return made;
}

void read_rate_limit(const config::node& value, http::service_options& into, config::reader& parent)
{
    config::reader in(value, "\"rate_limit\"", parent.library(), parent.sources(), parent.found());
    into.concurrent = static_cast<std::size_t>(in.number("concurrent", 4, 1, 64));
    into.per_second = static_cast<double>(in.number("per_second", 10, 1, 1000));
    into.burst = into.per_second;
    if (in.has("requests")) { // a fixed window: so many requests in so much time
        const auto requests = static_cast<double>(in.number("requests", 10, 1, 100'000));
        const auto window = in.duration("per", std::chrono::seconds{1});
        into.per_second = requests / static_cast<double>(std::max<long long>(window.count(), 1));
        into.burst = requests;
    }
    in.ignore("per");
    into.headers.remaining = in.text("remaining_header");
    into.headers.reset = in.text("reset_header");
    if (in.choice("reset_is", "epoch_seconds", {"epoch_seconds", "seconds_left"}) == "seconds_left")
        into.headers.reset_is = http::rate_headers::meaning::seconds_left;
}

list_description read_list(const config::node& value, config::reader& parent)
{
    config::reader in(value, "\"list\"", parent.library(), parent.sources(), parent.found());
    request_template request;
    if (const auto* written = in.require("request"))
        request = read_request(*written, "the request of \"list\"", "GET", in);
    const std::vector<std::string> formats{"iso", "iso_ms", "iso_naive", "date", "epoch_s", "epoch_ms"};
    const auto format = in.choice("since", "iso_ms", formats);
    auto records = required_expression(in, "records");
    list_description made{std::move(request),
                          static_cast<time_format>(std::ranges::find(formats, format) - formats.begin()),
                          std::move(records),
                          read_paging(in.child("paging"), in),
                          in.expression("cursor"),
                          in.expression("older"),
                          std::nullopt,
                          std::nullopt};
    if (const auto* each = in.child("for_each")) {
        config::reader of(*each, "\"for_each\"", parent.library(), parent.sources(), parent.found());
        if (const auto* written = of.require("request"))
            made.for_each = read_request(*written, "the request of \"for_each\"", "GET", of);
        made.for_each_items = required_expression(of, "items");
    }
    return made;
}

enrich_description read_enrich(const std::string& name, const config::node& value, config::reader& parent)
{
    config::reader in(value, "\"enrich\" \"" + name + '"', parent.library(), parent.sources(), parent.found());
    auto ids = required_expression(in, "ids");
    request_template request;
    if (const auto* written = in.require("request"))
        request = read_request(*written, "the request of " + in.what(), "GET", in);
    auto records = required_expression(in, "records");
    auto key = required_expression(in, "key");
    const auto batch = static_cast<std::size_t>(in.number("batch", 1, 1, 1000));
    const auto cache = in.duration("cache", std::chrono::seconds{0});
    return {name,  std::move(ids), std::move(request),        std::move(records), std::move(key),
            batch, cache,          in.flag("required", false)};
}

void read_answer(const config::node& value, description& into, config::reader& parent)
{
    config::reader in(value, "\"answer\"", parent.library(), parent.sources(), parent.found());
    into.success = in.expression("success");
    into.error = in.expression("error");
}

/// Where the HR system is and how it is spoken to.
void read_connection(config::reader& in, const config::mapping& mapping, description& into)
{
    into.url = in.required_text("url");
    while (into.url.ends_with('/'))
        into.url.pop_back();
    if (const auto* url = in.child("url"); url && !into.url.empty())
        config::require_url(into.url, *url, in.found());
    const auto token_url = in.text("token_url");
    if (!token_url.empty())
        config::require_url(token_url, *in.child("token_url"), in.found());
    for (const auto& [key, path] : {std::pair{"ca_file", &into.ca_file}, std::pair{"crl_file", &into.crl_file}}) {
        *path = in.text(key);
        if (!path->empty() && !path->starts_with('/'))
            *path = (std::filesystem::path(mapping.sources.base_directory) / *path).lexically_normal().string();
    }
    into.timeout = std::max(in.duration("timeout", into.timeout), std::chrono::seconds{1});
    if (const auto* auth = in.child("auth"))
        into.auth = read_auth(*auth, token_url, in);
    if (const auto* headers = in.child("headers"))
        for (const auto& [key, member] : headers->members)
            into.headers.emplace_back(key.text, config::text_template(member, in.library(), in.found()));
    into.service.name = mapping.name;
    if (const auto* rate = in.child("rate_limit"))
        read_rate_limit(*rate, into.service, in);
    if (const auto* answer = in.child("answer"))
        read_answer(*answer, into, in);
    if (const auto* check = in.child("check"))
        into.check = read_request(*check, "\"check\"", "GET", in);
    if (const auto* stages = in.child("stage_names"))
        into.stage_names = read_known_names(*stages, "\"stage_names\"", in);
    into.used_names = find_used_names(mapping);
}

void read_reading(config::reader& in, description& into)
{
    if (const auto* list = in.require("list")) {
        if (list->kind == config::node_kind::sequence)
            for (const auto& one : list->items)
                into.lists.push_back(read_list(one, in));
        else
            into.lists.push_back(read_list(*list, in));
    }
    if (const auto* enrich = in.child("enrich"))
        for (const auto& [key, member] : enrich->members)
            into.enrich.push_back(read_enrich(key.text, member, in));
    into.select = in.expression("select");
    into.split = in.expression("split");
    if (const auto* application = in.require("application")) {
        into.application = config::json_template(*application, in.library(), in.found());
        if (!application->find("id"))
            in.found().add(application->where, "\"application\" needs \"id\"");
    }
}

void check_write_back(const config::mapping& mapping, const description& into, config::problems& found)
{
    std::vector<std::string> names;
    std::string list;
    for (const auto& [name, action] : into.actions) {
        names.push_back(name);
        list += (list.empty() ? "" : ", ") + name;
    }
    for (const auto& [event, actions] : mapping.write_back)
        for (const auto& action : actions)
            if (!into.actions.contains(action.name))
                found.add(action.where, "\"" + mapping.connector + "\" has no action \"" + action.name + '"' +
                                            config::did_you_mean(action.name, names) +
                                            (list.empty() ? "" : " (it has: " + list + ")"));
}

} // namespace

void read_parameters(const config::node& value, description& into, config::reader& parent)
{
    for (const auto& [key, member] : value.members) {
        config::reader in(member, "parameter \"" + key.text + '"', parent.library(), parent.sources(), parent.found());
        parameter one{key.text, in.flag("required", true), in.text("description")};
        in.ignore("example"); // for people
        into.parameters.push_back(std::move(one));
    }
}

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
        for (const auto* key : {"connector", "documentation", "example", "lacks", "scopes", "sources", "unverified"})
            in.ignore(key);
        into.caveats = in.texts("caveats");
        if (const auto* parameters = in.child("parameters"))
            read_parameters(*parameters, into, in);
        read_connection(in, mapping, into);
        read_reading(in, into);
        if (const auto* actions = in.child("actions"))
            into.actions = read_actions(*actions, in);
    }
    take_credentials(mapping, into, found);
    check_write_back(mapping, into, found);
    return found.list().size() == before ? std::optional(std::move(into)) : std::nullopt;
}

} // namespace testdome_sync::rest
