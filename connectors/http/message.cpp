#include "connectors/http/message.hpp"

#include <algorithm>

namespace testdome_sync::http {
namespace {

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view one, std::string_view other)
{
    return std::ranges::equal(one, other, {}, lower, lower);
}

} // namespace

void fields::set(std::string name, std::string value)
{
    std::erase_if(list_, [&](const auto& field) { return same_name(field.first, name); });
    add(std::move(name), std::move(value));
}

void fields::add(std::string name, std::string value)
{
    list_.emplace_back(std::move(name), std::move(value));
}

std::optional<std::string_view> fields::find(std::string_view name) const
{
    for (const auto& [known, value] : list_)
        if (same_name(known, name))
            return value;
    return std::nullopt;
}

std::string printable_url(std::string_view url)
{
    url = url.substr(0, url.find_first_of("?#"));
    const auto scheme_end = url.find("://");
    const auto host = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
    const auto path = std::min(url.find('/', host), url.size());
    const auto user_end = url.substr(0, path).rfind('@');
    std::string text(url.substr(0, host));
    text += user_end != std::string_view::npos && user_end >= host ? url.substr(user_end + 1) : url.substr(host);
    // Identifiers can be addresses (Frappe: the application's id is one), and no address belongs into a log.
    std::string masked;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find('/', begin), text.size());
        const auto segment = std::string_view(text).substr(begin, end - begin);
        const bool address =
            segment.find('@') != std::string_view::npos || segment.find("%40") != std::string_view::npos;
        masked.append(address ? "…" : segment);
        if (end < text.size())
            masked += '/';
        begin = end + 1;
    }
    return masked;
}

std::string printable(const request& sent)
{
    return sent.method + ' ' + printable_url(sent.url);
}

} // namespace testdome_sync::http
