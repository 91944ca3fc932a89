#include "config/node.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

namespace testdome_sync::config {
namespace json = boost::json;
namespace {

/// YAML 1.2's core schema: what a plain scalar means.
json::value plain_value(const std::string& text)
{
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return nullptr;
    if (text == "true" || text == "True" || text == "TRUE")
        return true;
    if (text == "false" || text == "False" || text == "FALSE")
        return false;
    std::int64_t whole = 0;
    const auto* end = text.data() + text.size();
    const auto* begin = text.data() + (text.front() == '+' ? 1 : 0);
    if (const auto [stop, error] = std::from_chars(begin, end, whole); error == std::errc{} && stop == end)
        return whole;
    double number = 0;
    const bool looks_numeric = text.find_first_not_of("+-.0123456789eE") == std::string::npos;
    if (const auto [stop, error] = std::from_chars(begin, end, number);
        looks_numeric && error == std::errc{} && stop == end)
        return number;
    return json::value(text);
}

} // namespace

const node* node::find(std::string_view key) const
{
    for (const auto& [name, value] : members)
        if (name.text == key)
            return &value;
    return nullptr;
}

std::optional<node> read_yaml(const std::string& path, problems& found)
{
    auto file = std::make_shared<source>();
    file->name = path;
    std::ifstream input(path, std::ios::binary);
    if (!input) {
        found.add({file}, "the file can't be read: " + std::generic_category().message(errno));
        return std::nullopt;
    }
    std::string text(configuration_file_limit_bytes + 1, '\0');
    input.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(input.gcount()));
    if (text.size() > configuration_file_limit_bytes) {
        found.add({file}, "the file is larger than 1 MiB; a configuration is a few pages of text");
        return std::nullopt;
    }
    text.shrink_to_fit(); // kept as long as positions in it are
    file->text = std::move(text);
    return parse_yaml(std::move(file), found);
}

node merge(const node& base, const node& changes)
{
    if (base.kind != node_kind::mapping || changes.kind != node_kind::mapping)
        return changes;
    node merged = base;
    for (const auto& change : changes.members) {
        const auto same = std::ranges::find_if(
            merged.members, [&](const node_member& member) { return member.key.text == change.key.text; });
        if (same == merged.members.end())
            merged.members.push_back(change);
        else
            *same = {change.key, merge(same->value, change.value)};
    }
    merged.where = changes.where;
    return merged;
}

json::value to_json(const node& value)
{
    switch (value.kind) {
    case node_kind::null: return nullptr;
    case node_kind::scalar: return value.quoted ? json::value(value.text) : plain_value(value.text);
    case node_kind::sequence: {
        json::array items;
        for (const auto& item : value.items)
            items.push_back(to_json(item));
        return items;
    }
    case node_kind::mapping: {
        json::object members;
        for (const auto& [key, member] : value.members)
            members[key.text] = to_json(member);
        return members;
    }
    }
    return nullptr;
}

} // namespace testdome_sync::config
