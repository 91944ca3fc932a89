#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::http {

/// The parts of an `https://` URL that a connection and a request need.
struct location {
    std::string host; ///< without brackets
    std::uint16_t port = 443;
    std::string target; ///< path and query, at least `/`

    bool is_address() const;       ///< an IPv4 or IPv6 literal
    std::string authority() const; ///< for the Host header: brackets and a port that isn't 443
    std::string origin() const { return host + ':' + std::to_string(port); }
};

/// Nothing if it isn't an `https://` URL, has user info, or could smuggle a line break into a request.
std::optional<location> parse_url(std::string_view url);

/// A redirect's target against the URL that answered it (RFC 3986 §5).
std::optional<std::string> resolved_url(std::string_view base, std::string_view reference);

struct proxy_address {
    std::string host;
    std::uint16_t port = 3128;
    std::string authorization; ///< `Basic …`, or empty; a secret
};
/// `http://[user:password@]host[:port]`; nothing if it is something else.
std::optional<proxy_address> parse_proxy(const std::string& text);

/// Whether NO_PROXY excludes the host: a comma list of hosts, domains (with or without a leading dot), or `*`.
bool bypasses_proxy(std::string_view host, std::string_view no_proxy);

} // namespace testdome_sync::http
