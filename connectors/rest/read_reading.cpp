#include "connectors/rest/description.hpp"

#include "connectors/application_template.hpp"

#include <algorithm>
#include <set>

namespace testdome_sync::rest {
namespace {

each_description read_for_each(const config::node& value, config::reader& parent)
{
    config::reader in(value, "\"for_each\"", parent.library(), parent.sources(), parent.found());
    request_template request;
    if (const auto* written = in.require("request"))
        request = read_request(*written, "the request of \"for_each\"", "GET", in);
    auto paging = read_paging(in.child("paging"), in);
    auto items = required_expression(in, "items");
    return {std::move(request), std::move(paging), std::move(items), in.duration("cache", std::chrono::seconds{0})};
}

list_description read_list(const config::node& value, const std::string& default_name, config::reader& parent)
{
    config::reader in(value, "\"list\"", parent.library(), parent.sources(), parent.found());
    auto name = in.text("name", default_name);
    request_template request;
    if (const auto* written = in.require("request"))
        request = read_request(*written, "the request of \"list\"", "GET", in);
    const auto written_format = in.text("since", "iso_ms");
    const auto format = connectors::time_format::from(written_format);
    if (!format)
        in.found().add(in.child("since")->where,
                       "\"since\" must be iso, iso_ms, iso_naive, date, epoch_s, epoch_ms, or a pattern such as "
                       "%Y-%m-%dT%H:%M:%S, not " +
                           config::shown_value(*in.child("since"), written_format));
    auto records = required_expression(in, "records");
    list_description made{std::move(name),
                          std::move(request),
                          format.value_or(connectors::time_format{}),
                          std::move(records),
                          read_paging(in.child("paging"), in),
                          in.expression("cursor"),
                          in.expression("older"),
                          std::nullopt,
                          in.duration("every", std::chrono::seconds{0})};
    made.window_of_changes = in.choice("window", "changed", {"changed", "applied"}) == "changed";
    if (const auto* each = in.child("for_each"))
        made.for_each = read_for_each(*each, in);
    if (made.for_each && made.cursor)
        in.found().add(value.where, "a list with \"for_each\" can't have a \"cursor\": there is one for all of it");
    return made;
}

enrich_description read_enrich(const std::string& name, const config::node& value, config::reader& parent)
{
    config::reader in(value, "\"enrich\" \"" + name + '"', parent.library(), parent.sources(), parent.found());
    auto ids = required_expression(in, "ids");
    request_template request;
    if (const auto* written = in.require("request"))
        request = read_request(*written, "the request of " + in.what(), "GET", in);
    auto paging = read_paging(in.child("paging"), in);
    auto records = required_expression(in, "records");
    auto key = in.expression("key");
    const auto many = in.flag("many", false);
    const auto batch = static_cast<std::size_t>(in.number("batch", 1, 1, 1000));
    const auto cache = in.duration("cache", std::chrono::seconds{0});
    if (!key && batch > 1)
        in.require("key");
    return {
        name,  std::move(ids), std::move(request),        std::move(paging), std::move(records), std::move(key), many,
        batch, cache,          in.flag("required", false)};
}

/// Whether somebody old may be seen for the first time. Not so in a list that begins with everything and goes on from a
/// cursor, or in one of those who have applied since.
bool reads_a_window(const list_description& list)
{
    if (!list.window_of_changes)
        return false;
    const auto& request = list.request;
    const auto in_pairs = [](const auto& pairs) {
        return std::ranges::any_of(pairs, [](const auto& pair) { return pair.second.mentions(".since"); });
    };
    return list.older || request.path.mentions(".since") || in_pairs(request.query) || in_pairs(request.headers) ||
           in_pairs(request.form) || (request.body && request.body->mentions(".since")) ||
           (request.text && request.text->mentions(".since"));
}

void read_lists(config::reader& in, description& into)
{
    const auto* list = in.require("list");
    if (!list)
        return;
    if (list->kind != config::node_kind::sequence)
        into.lists.push_back(read_list(*list, "list 1", in));
    else
        for (const auto& one : list->items)
            into.lists.push_back(read_list(one, "list " + std::to_string(into.lists.size() + 1), in));
    into.reads_window = std::ranges::any_of(into.lists, reads_a_window);
    std::set<std::string> names;
    for (const auto& one : into.lists)
        if (!names.insert(one.name).second)
            in.found().add(list->where, "two lists have the same name");
    if (std::ranges::count_if(into.lists, [](const list_description& one) { return one.cursor.has_value(); }) > 1)
        in.found().add(list->where, "only one list can have a \"cursor\"");
}

} // namespace

void read_reading(config::reader& in, description& into)
{
    read_lists(in, into);
    if (const auto* enrich = in.child("enrich"))
        for (const auto& [key, member] : enrich->members)
            into.enrich.push_back(read_enrich(key.text, member, in));
    into.select = in.expression("select");
    into.split = in.expression("split");
    if (const auto* application = in.require("application"))
        into.application = connectors::read_application(*application, in);
    const auto mentions = [](const std::optional<config::jq_expression>& one) {
        return one && one->text().find(".parameters") != std::string::npos;
    };
    into.records_see_parameters =
        into.application.mentions(".parameters") || mentions(into.select) || mentions(into.split);
}

} // namespace testdome_sync::rest
