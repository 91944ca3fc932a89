#include "connectors/http/masking.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

namespace testdome_sync::http {

std::string without(std::string text, const std::vector<config::secret>& secrets)
{
    constexpr std::size_t shortest = 6;
    constexpr std::string_view mask = "…";
    std::vector<std::string_view> longest_first; // a secret may be a part of another
    for (const auto& one : secrets)
        if (one.reveal().size() >= shortest)
            longest_first.emplace_back(one.reveal());
    std::ranges::sort(longest_first, std::greater<>{}, &std::string_view::size);
    for (const auto hidden : longest_first)
        for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + mask.size()))
            text.replace(at, hidden.size(), mask);
    return text;
}

} // namespace testdome_sync::http
