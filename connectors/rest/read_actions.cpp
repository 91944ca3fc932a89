#include "connectors/rest/description.hpp"

#include <algorithm>

namespace testdome_sync::rest {
namespace {

std::optional<batch_description> read_batch(config::reader& in)
{
    const auto most = static_cast<std::size_t>(in.number("batch", 1, 1, 1000));
    if (!in.child("batch"))
        return std::nullopt;
    in.require("key");
    auto id = required_expression(in, "id");
    auto records = required_expression(in, "records");
    return batch_description{std::move(id), std::move(records), in.expression("key"), most};
}

lookup_description read_lookup(const std::string& name, const config::node& value, config::reader& parent)
{
    config::reader in(value, "lookup \"" + name + '"', parent.library(), parent.sources(), parent.found());
    auto when = in.expression("when");
    const bool creates = in.flag("creates", false);
    auto batch = read_batch(in);
    std::optional<request_template> request;
    if (const auto* written = creates || batch ? in.require("request") : in.child("request"))
        request = read_request(*written, "the request of lookup \"" + name + '"', creates ? "POST" : "GET", in);
    auto paging = read_paging(in.child("paging"), in);
    auto answer = required_expression(in, "value");
    const auto cache = in.duration("cache", std::chrono::seconds{0});
    if (batch && (creates || cache.count() > 0))
        in.found().add(value.where, in.what() + " has a \"batch\": it can have neither \"cache\" nor \"creates\"");
    return {name,
            std::move(when),
            std::move(request),
            std::move(paging),
            std::move(batch),
            std::move(answer),
            cache,
            in.text("missing"),
            creates};
}

void read_requests(config::reader& in, action_description& into)
{
    const auto* written = in.require("request");
    const auto what = "the request of action \"" + into.name + '"';
    if (!written)
        return;
    if (written->kind != config::node_kind::sequence) {
        into.requests.push_back({std::nullopt, read_request(*written, what, "POST", in)});
        return;
    }
    for (const auto& one : written->items) {
        config::reader of(one, what, in.library(), in.sources(), in.found());
        auto when = of.expression("when");
        const auto* request = of.require("request");
        into.requests.push_back(
            {std::move(when), request ? read_request(*request, what, "POST", of) : request_template{}});
    }
    if (into.requests.empty())
        in.found().add(written->where, what + " is an empty list");
}

void read_already(const config::node& value, action_description& into, config::reader& parent)
{
    config::reader in(value, "\"already\" of action \"" + into.name + '"', parent.library(), parent.sources(),
                      parent.found());
    if (const auto* request = in.child("request"))
        into.already_request = read_request(*request, "the request of " + in.what(), "GET", in);
    into.already_paging = read_paging(in.child("paging"), in);
    into.already = required_expression(in, "when");
}

action_description read_action(const std::string& name, const config::node& value, config::reader& parent)
{
    action_description made;
    made.name = name;
    config::reader in(value, "action \"" + name + '"', parent.library(), parent.sources(), parent.found());
    made.description = in.text("description");
    in.ignore("example"); // for people
    in.ignore("caveat");  // likewise: connectors/catalog
    made.lookups = read_lookups(in);
    if (const auto* already = in.child("already"))
        read_already(*already, made, in);
    read_requests(in, made);
    made.idempotent = in.flag("idempotent", false);
    if (const auto* known = in.child("known"))
        made.known = read_known_names(*known, "\"known\" of action \"" + name + '"', in);
    return made;
}

} // namespace

std::vector<lookup_description> read_lookups(config::reader& in)
{
    std::vector<lookup_description> all;
    if (const auto* lookups = in.child("lookups"))
        for (const auto& [key, member] : lookups->members)
            all.push_back(read_lookup(key.text, member, in));
    return all;
}

known_names read_known_names(const config::node& value, const std::string& what, config::reader& parent)
{
    config::reader in(value, what, parent.library(), parent.sources(), parent.found());
    auto lookups = read_lookups(in);
    for (const auto& one : lookups)
        if (one.creates || one.batch)
            in.found().add(value.where,
                           what + " only asks, and for all: it can't have a lookup with \"creates\" or \"batch\"");
    return {std::move(lookups), required_expression(in, "names")};
}

config::jq_expression required_expression(config::reader& in, std::string_view key)
{
    in.require(key);
    auto expression = in.expression(key);
    return expression ? *expression : in.library().add("null", in.value().where);
}

std::map<std::string, action_description> read_actions(const config::node& value, config::reader& parent)
{
    std::map<std::string, action_description> all;
    if (value.kind != config::node_kind::mapping)
        parent.found().add(value.where, "\"actions\" must be a mapping of names to descriptions");
    for (const auto& [key, member] : value.members)
        all.emplace(key.text, read_action(key.text, member, parent));
    return all;
}

} // namespace testdome_sync::rest
