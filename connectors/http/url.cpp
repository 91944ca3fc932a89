#include "connectors/http/url.hpp"

#include "connectors/http/oauth.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <algorithm>

namespace testdome_sync::http {
namespace {

std::string host_of(const boost::urls::url_view& url)
{
    auto host = url.host_address();
    std::ranges::transform(host, host.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return host;
}

/// Percent-encoding can bring anything into a host, a line break included; no host that can be asked has it.
bool is_plain_host(std::string_view host)
{
    return !host.empty() && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == ':';
    });
}

} // namespace

bool location::is_address() const
{
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

std::string location::authority() const
{
    const auto name = host.find(':') == std::string::npos ? host : '[' + host + ']';
    return port == 443 ? name : name + ':' + std::to_string(port);
}

std::optional<location> parse_url(std::string_view text)
{
    const auto url = boost::urls::parse_uri(text);
    if (!url || url->scheme_id() != boost::urls::scheme::https || url->has_userinfo())
        return std::nullopt;
    location found;
    found.host = host_of(*url);
    if (!is_plain_host(found.host))
        return std::nullopt;
    if (url->has_port() && !url->port().empty()) {
        found.port = url->port_number();
        if (found.port == 0)
            return std::nullopt;
    }
    const std::string_view path = url->encoded_path();
    if (!path.empty() && path.front() != '/') // Boost.URL 1.81 takes `https://[::1]:84x` for a port and a path
        return std::nullopt;
    found.target = path.empty() ? "/" : std::string(path);
    if (url->has_query())
        found.target.append("?").append(std::string_view(url->encoded_query()));
    return found;
}

std::optional<std::string> resolved_url(std::string_view base, std::string_view reference)
{
    const auto from = boost::urls::parse_uri(base);
    const auto to = boost::urls::parse_uri_reference(reference);
    boost::urls::url target;
    if (!from || !to || !boost::urls::resolve(*from, *to, target))
        return std::nullopt;
    return std::string(std::string_view(target.buffer()));
}

std::optional<proxy_address> parse_proxy(const std::string& text)
{
    const auto whole = text.find("://") == std::string::npos ? "http://" + text : text; // `url` only looks at it
    const auto url = boost::urls::parse_uri(whole);
    if (!url || url->scheme_id() != boost::urls::scheme::http)
        return std::nullopt;
    proxy_address found;
    found.host = host_of(*url);
    if (!is_plain_host(found.host))
        return std::nullopt;
    if (url->has_port() && url->port_number() != 0)
        found.port = url->port_number();
    if (url->has_userinfo())
        found.authorization = "Basic " + base64(url->userinfo());
    return found;
}

bool bypasses_proxy(std::string_view host, std::string_view no_proxy)
{
    while (!no_proxy.empty()) {
        const auto comma = std::min(no_proxy.find(','), no_proxy.size());
        auto rule = no_proxy.substr(0, comma);
        no_proxy.remove_prefix(std::min(comma + 1, no_proxy.size()));
        rule.remove_prefix(std::min(rule.find_first_not_of(' '), rule.size()));
        rule = rule.substr(0, rule.find_last_not_of(' ') + 1);
        if (rule == "*")
            return true;
        if (rule.starts_with('.'))
            rule.remove_prefix(1);
        const bool same = !rule.empty() && host.ends_with(rule) &&
                          (host.size() == rule.size() || host[host.size() - rule.size() - 1] == '.');
        if (same)
            return true;
    }
    return false;
}

} // namespace testdome_sync::http
