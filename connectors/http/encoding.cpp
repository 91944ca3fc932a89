#include "connectors/http/oauth.hpp"

namespace testdome_sync::http {
namespace {

constexpr std::string_view hexadecimal = "0123456789ABCDEF";

bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

void append_percent(std::string& text, char c)
{
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += hexadecimal[byte >> 4];
    text += hexadecimal[byte & 15];
}

} // namespace

std::string percent_encoded(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (is_unreserved(c))
            text += c;
        else
            append_percent(text, c);
    }
    return text;
}

std::string percent_decoded(std::string_view value)
{
    const auto digit = [](char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                      : -1;
    };
    std::string text;
    for (std::size_t i = 0; i < value.size(); ++i) {
        const bool encoded =
            value[i] == '%' && i + 2 < value.size() && digit(value[i + 1]) >= 0 && digit(value[i + 2]) >= 0;
        text += encoded ? static_cast<char>(digit(value[i + 1]) * 16 + digit(value[i + 2])) : value[i];
        i += encoded ? 2 : 0;
    }
    return text;
}

std::string form_encoded(std::string_view value)
{
    std::string text;
    for (const char c : value) {
        if (c == ' ')
            text += '+';
        else if (c != '~' && is_unreserved(c))
            text += c;
        else
            append_percent(text, c);
    }
    return text;
}

std::string base64(std::string_view bytes)
{
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto chunk = bytes.substr(i, 3);
        unsigned bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = (bits << 8) | (k < chunk.size() ? static_cast<unsigned char>(chunk[k]) : 0U);
        for (std::size_t k = 0; k < 4; ++k)
            text += k <= chunk.size() ? alphabet[(bits >> (18 - 6 * k)) & 63] : '=';
    }
    return text;
}

} // namespace testdome_sync::http
