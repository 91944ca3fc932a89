#include "connectors/rest/record_digest.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#define XXH_INLINE_ALL // nothing to link
#include <xxhash.h>

#include <string>
#include <string_view>

namespace testdome_sync::rest {
namespace json = boost::json;
namespace {

template <class Number>
void append_number(std::string& bytes, Number number)
{
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void append_text(std::string& bytes, std::string_view text)
{
    append_number(bytes, text.size()); // so that no text's end passes for the next one's beginning
    bytes.append(text);
}

/// Kind, then size, then contents: no two values give the same bytes.
void append(std::string& bytes, const json::value& value)
{
    bytes.push_back(static_cast<char>(value.kind()));
    switch (value.kind()) {
    case json::kind::null: return;
    case json::kind::bool_: return bytes.push_back(value.get_bool() ? 1 : 0);
    case json::kind::int64: return append_number(bytes, value.get_int64());
    case json::kind::uint64: return append_number(bytes, value.get_uint64());
    case json::kind::double_: return append_number(bytes, value.get_double());
    case json::kind::string: return append_text(bytes, value.get_string());
    case json::kind::array:
        append_number(bytes, value.get_array().size());
        for (const auto& item : value.get_array())
            append(bytes, item);
        return;
    case json::kind::object:
        append_number(bytes, value.get_object().size());
        for (const auto& member : value.get_object()) {
            append_text(bytes, member.key());
            append(bytes, member.value());
        }
        return;
    }
}

} // namespace

record_digest digest_of(const json::value& record)
{
    constexpr std::size_t usual_bytes = 4096;
    std::string bytes;
    bytes.reserve(usual_bytes);
    append(bytes, record);
    const auto digest = XXH3_128bits(bytes.data(), bytes.size());
    return {digest.low64, digest.high64};
}

} // namespace testdome_sync::rest
