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

struct owned {
    explicit owned(jv taken) : value(taken) {}
    owned(const owned&) = delete;
    owned& operator=(const owned&) = delete;
    ~owned() { jv_free(value); }
    jv value;
};

json::string text_of(jv value)
{
    const auto length = static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value)));
    return json::string(jv_string_value(value), length);
}

void take_room(std::size_t bytes, std::size_t& room)
{
    if (bytes > room)
        throw answer_too_large{};
    room -= bytes;
}

json::value converted(jv value, std::size_t& room, int depth)
{
    constexpr int deepest = 64;
    constexpr std::size_t bytes_of_a_value = 16;
    if (depth > deepest)
        throw answer_too_large{};
    take_room(bytes_of_a_value, room);
    switch (jv_get_kind(value)) {
    case JV_KIND_INVALID:
    case JV_KIND_NULL: break;
    case JV_KIND_FALSE: return false;
    case JV_KIND_TRUE: return true;
    case JV_KIND_NUMBER: return number_of(jv_number_value(value));
    case JV_KIND_STRING: {
        take_room(static_cast<std::size_t>(jv_string_length_bytes(jv_copy(value))), room);
        return text_of(value);
    }
    case JV_KIND_ARRAY: {
        json::array items;
        const int length = jv_array_length(jv_copy(value));
        for (int i = 0; i < length; ++i) {
            const owned item(jv_array_get(jv_copy(value), i));
            items.push_back(converted(item.value, room, depth + 1));
        }
        return items;
    }
    case JV_KIND_OBJECT: {
        json::object members;
        for (int at = jv_object_iter(value); jv_object_iter_valid(value, at); at = jv_object_iter_next(value, at)) {
            const owned key(jv_object_iter_key(value, at)), member(jv_object_iter_value(value, at));
            take_room(static_cast<std::size_t>(jv_string_length_bytes(jv_copy(key.value))), room);
            members[text_of(key.value)] = converted(member.value, room, depth + 1);
        }
        return members;
    }
    }
    return nullptr;
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

json::value from_jv(jv value, std::size_t& room)
{
    const owned whole(value);
    return converted(whole.value, room, 0);
}

} // namespace testdome_sync::config
