#include "daemon/listener/markup.hpp"

#include "sync/application.hpp"

#include <algorithm>

namespace testdome_sync::listener {
namespace {

/// The largest unit of which there is one: `3 min`.
std::string rounded(std::chrono::seconds length)
{
    using namespace std::chrono_literals;
    if (length < 1min)
        return std::to_string(length / 1s) + " s";
    if (length < 2h)
        return std::to_string(length / 1min) + " min";
    if (length < 48h)
        return std::to_string(length / 1h) + " h";
    return std::to_string(length / 24h) + " days";
}

} // namespace

std::string escaped(std::string_view text)
{
    std::string made;
    made.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&': made += "&amp;"; break;
        case '<': made += "&lt;"; break;
        case '>': made += "&gt;"; break;
        case '"': made += "&quot;"; break;
        case '\'': made += "&#39;"; break;
        default: made += c;
        }
    }
    return made;
}

std::string prose_markup(std::string_view text)
{
    std::string made;
    for (auto begin = text.find('`'); begin != std::string_view::npos; begin = text.find('`')) {
        const auto end = text.find('`', begin + 1);
        if (end == std::string_view::npos)
            break;
        made +=
            escaped(text.substr(0, begin)) + "<code>" + escaped(text.substr(begin + 1, end - begin - 1)) + "</code>";
        text.remove_prefix(end + 1);
    }
    return made + escaped(text);
}

std::string time_markup(const std::optional<sync::wall_time>& time, sync::wall_time now)
{
    if (!time)
        return "–";
    const auto exact = sync::to_text(*time); // 2026-11-24T08:00:00Z
    const auto away = std::chrono::duration_cast<std::chrono::seconds>(*time - now);
    const auto distance = away.count() > 0 ? "in " + rounded(away) : rounded(-away) + " ago";
    return "<time datetime=\"" + exact + "\">" + exact.substr(0, 10) + ' ' + exact.substr(11, 5) +
           " UTC</time> <span class=\"away\">(" + distance + ")</span>";
}

std::string count_markup(std::int64_t count)
{
    auto digits = std::to_string(count);
    for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string bar_markup(std::int64_t part, std::int64_t whole)
{
    const auto percent = whole > 0 ? std::clamp<std::int64_t>(part * 100 / whole, part > 0 ? 1 : 0, 100) : 0;
    return "<svg class=\"bar\" aria-hidden=\"true\" focusable=\"false\"><rect width=\"" + std::to_string(percent) +
           "%\" height=\"100%\"/></svg>";
}

} // namespace testdome_sync::listener
