#include "tests/sandbox/object_text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace testdome_sync::sandbox {
namespace {

bool stands_for_itself(char c)
{
    return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
}

} // namespace

object_text::object_text()
{
    constexpr std::size_t usual_bytes = 480;
    text_.reserve(usual_bytes);
    text_ = '{';
}

std::string object_text::take()
{
    text_ += '}';
    return std::move(text_);
}

void object_text::begin(std::string_view name)
{
    text_.append(text_.size() > 1 ? ",\"" : "\"").append(name).append("\":");
}

object_text& object_text::text(std::string_view name, std::string_view value)
{
    if (!std::ranges::all_of(value, stands_for_itself))
        return json(name, boost::json::serialize(boost::json::string(value)));
    begin(name);
    text_.append("\"").append(value).append("\"");
    return *this;
}

object_text& object_text::number(std::string_view name, long long value)
{
    char digits[24];
    const auto written = std::to_chars(digits, digits + sizeof digits, value);
    return json(name, std::string_view(digits, written.ptr));
}

object_text& object_text::truth(std::string_view name, bool value)
{
    return json(name, value ? "true" : "false");
}

object_text& object_text::json(std::string_view name, std::string_view value)
{
    begin(name);
    text_ += value;
    return *this;
}

} // namespace testdome_sync::sandbox
