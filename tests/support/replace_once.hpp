#pragma once

#include <stdexcept>
#include <string>

namespace testdome_sync::testing {

/// Edits a configuration given as text. A test whose example has changed must notice: throws if `from` isn't there.
inline void replace_once(std::string& text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    if (at == std::string::npos)
        throw std::logic_error("the configuration has no \"" + from + '"');
    text.replace(at, from.size(), to);
}

} // namespace testdome_sync::testing
