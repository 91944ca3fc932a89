#include "connectors/http/masking.hpp"

namespace testdome_sync::http {

std::string without(std::string text, const std::vector<config::secret>& secrets)
{
    constexpr std::size_t shortest = 6;
    constexpr std::string_view mask = "…";
    for (const auto& one : secrets) {
        const auto& hidden = one.reveal();
        if (hidden.size() < shortest)
            continue;
        for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + mask.size()))
            text.replace(at, hidden.size(), mask);
    }
    return text;
}

} // namespace testdome_sync::http
