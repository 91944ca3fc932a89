#pragma once

namespace testdome_sync::config {

// What jq's names begin with, and what else they may have: ASCII only, whatever the locale.
constexpr bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

} // namespace testdome_sync::config
