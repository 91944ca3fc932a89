#include "connectors/examples/differences.hpp"

#include "connectors/rest/request_template.hpp"
#include "sync/application.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace testdome_sync::examples {
namespace json = boost::json;
namespace {

std::string shown(const json::value& value)
{
    constexpr std::size_t longest = 300;
    auto text = json::serialize(value);
    if (text.size() > longest)
        text = text.substr(0, longest) + "…";
    return text;
}

std::string as_text(const json::value& value)
{
    if (value.is_null())
        return {};
    auto text = rest::plain_text(value);
    const auto time = value.is_string() ? sync::time_from(text) : std::nullopt;
    return time ? sync::to_text(*time) : text;
}

bool same_scalar(const json::value& one, const json::value& other, const comparison& how)
{
    if (how.scalars_as_text && !one.is_structured() && !other.is_structured())
        return as_text(one) == as_text(other);
    if (one.is_number() && other.is_number())
        return one.to_number<double>() == other.to_number<double>();
    return one == other;
}

void compare_members(const config::node& expected, const json::object& actual, const std::string& what,
                     const comparison& how, config::problems& found)
{
    for (const auto& [key, value] : expected.members) {
        const auto* member = actual.if_contains(key.text);
        if (member)
            report_differences(value, *member, what + '.' + key.text, how, found);
        else
            found.add(key.where, what + '.' + key.text + " is missing");
    }
    if (how.more_members)
        return;
    for (const auto& [name, value] : actual)
        if (!expected.find(name))
            found.add(expected.where,
                      what + '.' + std::string(name) + " is " + shown(value) + ", which the example doesn't have");
}

} // namespace

void report_differences(const config::node& expected, const json::value& actual, const std::string& what,
                        const comparison& how, config::problems& found)
{
    if (expected.kind == config::node_kind::mapping && actual.is_object())
        return compare_members(expected, actual.get_object(), what, how, found);
    if (expected.kind == config::node_kind::sequence && actual.is_array()) {
        const auto& items = actual.get_array();
        if (items.size() != expected.items.size())
            found.add(expected.where, what + " has " + std::to_string(items.size()) + " items instead of " +
                                          std::to_string(expected.items.size()) + ": " + shown(actual));
        for (std::size_t i = 0; i < items.size() && i < expected.items.size(); ++i)
            report_differences(expected.items[i], items[i], what + '[' + std::to_string(i) + ']', how, found);
        return;
    }
    const auto wanted = config::to_json(expected);
    if (!same_scalar(wanted, actual, how))
        found.add(expected.where, what + " is " + shown(actual) + " instead of " + shown(wanted));
}

} // namespace testdome_sync::examples
