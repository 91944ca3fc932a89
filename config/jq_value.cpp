#include "config/jq_value.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cmath>
#include <string>

namespace testdome_sync::config {
namespace json = boost::json;
namespace {

constexpr double exact_limit = 9007199254740992.0; // 2^53

template <class Integer>
jv number_or_text(Integer number)
{
    const auto near = static_cast<double>(number);
    if (std::abs(near) < exact_limit)
        return jv_number(near);
    return jv_string(std::to_string(number).c_str());
}

json::value number_of(double number)
{
    if (std::isfinite(number) && std::abs(number) < exact_limit && std::trunc(number) == number)
        return static_cast<std::int64_t>(number);
    return std::isfinite(number) ? json::value(number) : json::value(nullptr);
}

} // namespace

jv to_jv(const json::object& value)
{
    jv members = jv_object();
    for (const auto& member : value) {
        const auto key = member.key();
        members =
            jv_object_set(members, jv_string_sized(key.data(), static_cast<int>(key.size())), to_jv(member.value()));
    }
    return members;
}

jv to_jv(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::null: return jv_null();
    case json::kind::bool_: return value.get_bool() ? jv_true() : jv_false();
    case json::kind::int64: return number_or_text(value.get_int64());
    case json::kind::uint64: return number_or_text(value.get_uint64());
    case json::kind::double_: return jv_number(value.get_double());
    case json::kind::string:
        return jv_string_sized(value.get_string().data(), static_cast<int>(value.get_string().size()));
    case json::kind::array: {
        jv items = jv_array_sized(static_cast<int>(value.get_array().size()));
        for (const auto& item : value.get_array())
            items = jv_array_append(items, to_jv(item));
        return items;
    }
    case json::kind::object: return to_jv(value.get_object());
    }
    return jv_null();
}

json::value from_jv(jv value)
{
    json::value result;
    switch (jv_get_kind(value)) {
    case JV_KIND_INVALID:
    case JV_KIND_NULL: break;
    case JV_KIND_FALSE: result = false; break;
    case JV_KIND_TRUE: result = true; break;
    case JV_KIND_NUMBER: result = number_of(jv_number_value(value)); break;
    case JV_KIND_STRING:
        result = json::string(jv_string_value(value), static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value))));
        break;
    case JV_KIND_ARRAY: {
        json::array items;
        const int length = jv_array_length(jv_copy(value));
        items.reserve(static_cast<std::size_t>(length));
        for (int i = 0; i < length; ++i)
            items.push_back(from_jv(jv_array_get(jv_copy(value), i)));
        result = std::move(items);
        break;
    }
    case JV_KIND_OBJECT: {
        json::object members;
        for (int at = jv_object_iter(value); jv_object_iter_valid(value, at); at = jv_object_iter_next(value, at)) {
            const jv key = jv_object_iter_key(value, at);
            members[std::string(jv_string_value(key))] = from_jv(jv_object_iter_value(value, at));
            jv_free(key);
        }
        result = std::move(members);
        break;
    }
    }
    jv_free(value);
    return result;
}

} // namespace testdome_sync::config
