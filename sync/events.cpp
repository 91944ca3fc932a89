#include "sync/events.hpp"

#include "sync/utf8.hpp"

#include <algorithm>

namespace testdome_sync::sync {

void event_sink::emit(event_name name, std::string text, std::vector<field> fields)
{
    write(event{&name.type(), name.type().level, std::move(text), std::move(fields)});
}

void event_sink::emit_in_detail(event_name name, std::string text, std::vector<field> fields)
{
    write(event{&name.type(), event_level::info, std::move(text), std::move(fields)});
}

void event_sink::emit_unchanged(event_name name, std::string text, std::vector<field> fields)
{
    write(event{&name.type(), event_level::debug, std::move(text), std::move(fields)});
}

namespace {

bool is_email_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == '+' || c == '%';
}

/// Length of the UTF-8 sequence that starts with this byte; 1 for what can't start one.
std::size_t sequence_length(char first)
{
    const auto byte = static_cast<unsigned char>(first);
    if (byte >= 0xF0)
        return 4;
    if (byte >= 0xE0)
        return 3;
    return byte >= 0xC0 ? 2 : 1;
}

std::string with_emails_masked(std::string_view text)
{
    std::string result;
    std::size_t copied = 0;
    for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
        auto begin = at;
        while (begin > copied && is_email_character(text[begin - 1]))
            --begin;
        auto end = at + 1;
        while (end < text.size() && is_email_character(text[end]))
            ++end;
        if (begin == at || end == at + 1)
            continue;
        result.append(text.substr(copied, begin - copied));
        result.append(masked_email(text.substr(begin, end - begin)));
        copied = end;
    }
    return result.append(text.substr(copied));
}

/// How many bytes the first character of `text` has, if it can be shown; else 0: a control character, or no UTF-8
/// (RFC 3629 §4).
std::size_t character_length(std::string_view text)
{
    const auto byte = text.empty() ? 0U : static_cast<unsigned char>(text.front());
    return byte < 0x20 || byte == 0x7F ? 0 : utf8_length(text);
}

} // namespace

std::string printable(std::string_view foreign, std::size_t limit_bytes)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    const auto masked = with_emails_masked(foreign);
    std::string result;
    for (std::string_view rest = masked; !rest.empty();) {
        if (const auto length = character_length(rest); length > 0) {
            result += rest.substr(0, length);
            rest.remove_prefix(length);
            continue;
        }
        const char c = rest.front();
        const auto byte = static_cast<unsigned char>(c);
        rest.remove_prefix(1);
        if (c == '\n' || c == '\r' || c == '\t') {
            if (!result.empty() && result.back() != ' ')
                result += ' ';
        } else {
            result += "\\x";
            result += digits[byte >> 4];
            result += digits[byte & 15];
        }
    }
    if (result.size() <= limit_bytes)
        return result;
    auto cut = limit_bytes;
    while (cut > 0 && (static_cast<unsigned char>(result[cut]) & 0xC0) == 0x80)
        --cut;
    result.resize(cut);
    return result + "…";
}

std::string masked_email(std::string_view email)
{
    const auto at = email.rfind('@');
    if (at == std::string_view::npos || at == 0)
        return email.empty() ? "" : "…";
    const auto first = email.substr(0, std::min(sequence_length(email.front()), at));
    return std::string(first) + "…" + std::string(email.substr(at));
}

std::string masked_name(std::string_view name)
{
    std::string result;
    bool at_start = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == ' ') {
            at_start = true;
        } else if (at_start) {
            if (!result.empty())
                result += ' ';
            result.append(name.substr(i, sequence_length(name[i]))).append(".");
            at_start = false;
        }
    }
    return result;
}

} // namespace testdome_sync::sync
