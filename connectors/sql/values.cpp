#include "connectors/sql/values.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

namespace testdome_sync::sql {
namespace json = boost::json;
namespace {

constexpr std::int64_t exact_in_a_double = std::int64_t{1} << 53;

bool all_digits(std::string_view text)
{
    if (!text.empty() && (text.front() == '-' || text.front() == '+'))
        text.remove_prefix(1);
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

json::value number_from(std::string_view text)
{
    if (text == "t" || text == "f")
        return text == "t";
    const auto* begin = text.data();
    const auto* end = begin + text.size();
    if (all_digits(text)) {
        std::int64_t whole = 0;
        const auto [stopped, error] = std::from_chars(begin, end, whole);
        if (error == std::errc{} && stopped == end && std::abs(whole) <= exact_in_a_double)
            return whole;
        return json::value(text);
    }
    double real = 0;
    const auto [stopped, error] = std::from_chars(begin, end, real);
    return error == std::errc{} && stopped == end && std::isfinite(real) ? json::value(real) : json::value(text);
}

/// Bytes of the character that begins at `text`; 0 if none does (RFC 3629 §4).
std::size_t character_length(std::string_view text)
{
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto first = byte(0);
    const std::size_t length = first < 0x80   ? 1
                               : first < 0xC2 ? 0
                               : first < 0xE0 ? 2
                               : first < 0xF0 ? 3
                               : first < 0xF5 ? 4
                                              : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t at = 1; at < length; ++at)
        if ((byte(at) & 0xC0) != 0x80)
            return 0;
    const auto second = length > 1 ? byte(1) : 0;
    const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                       (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    return wrong ? 0 : length;
}

std::string as_utf8(std::string_view text)
{
    std::string clean;
    while (!text.empty()) {
        const auto length = character_length(text);
        clean += length > 0 ? text.substr(0, length) : std::string_view("\xEF\xBF\xBD");
        text.remove_prefix(length > 0 ? length : 1);
    }
    return clean;
}

} // namespace

json::value value_from(std::string_view text, column_kind kind)
{
    if (kind == column_kind::number)
        return number_from(text);
    return json::value(as_utf8(text));
}

} // namespace testdome_sync::sql
