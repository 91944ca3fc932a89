#include "connectors/rest/description.hpp"

#include <algorithm>

namespace testdome_sync::rest {
namespace {

void check_paging(const paging_description& made, const std::string& type, const config::node& value,
                  config::problems& found)
{
    const bool counts = made.type == paging_type::offset || made.type == paging_type::page;
    const bool follows = made.type == paging_type::cursor || made.type == paging_type::since_id;
    const bool links = made.type == paging_type::link_header || made.type == paging_type::next_url;
    if ((follows || made.type == paging_type::next_url) && !made.next)
        found.add(value.where, "paging of type " + type + " needs \"next\"");
    if ((counts || follows) && made.parameter.empty())
        found.add(value.where, "paging of type " + type + " needs \"parameter\"");
    if (counts && made.size == 0 && !made.more && !made.total)
        found.add(value.where,
                  "paging of type " + type + " needs \"size\", \"more\" or \"total\" to know where it ends");
    if (made.keep_query && !links)
        found.add(value.where, "\"keep_query\" is for paging of type link_header or next_url");
}

} // namespace

paging_description read_paging(const config::node* value, config::reader& parent)
{
    paging_description made;
    if (!value)
        return made;
    config::reader in(*value, "\"paging\"", parent.library(), parent.sources(), parent.found());
    const std::vector<std::string> names{"none", "link_header", "next_url", "cursor", "offset", "page", "since_id"};
    const auto type = in.choice("type", "none", names);
    made.type = static_cast<paging_type>(std::ranges::find(names, type) - names.begin());
    made.next = in.expression("next");
    made.more = in.expression("more");
    made.total = in.expression("total");
    made.rows = in.expression("rows");
    made.parameter = in.text("parameter");
    const std::vector<std::string> places{"query", "body", "header", "path"};
    const auto place = in.choice("in", "query", places);
    made.place = static_cast<value_place>(std::ranges::find(places, place) - places.begin());
    made.only_parameter = in.flag("only_parameter", false);
    made.keep_query = in.flag("keep_query", false);
    made.first = in.number("first", 1, 0, 1);
    made.size = in.number("size", 0, 0, 100'000);
    check_paging(made, type, *value, in.found());
    return made;
}

} // namespace testdome_sync::rest
