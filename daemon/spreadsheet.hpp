#pragma once

#include <string>
#include <string_view>

namespace testdome_sync::daemon {

/// Text that a spreadsheet would take for a formula begins with an apostrophe: names and addresses come from strangers
/// (https://owasp.org/www-community/attacks/CSV_Injection).
inline std::string without_formula(std::string_view text)
{
    const bool is_formula =
        !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
    return (is_formula ? "'" : "") + std::string(text);
}

} // namespace testdome_sync::daemon
