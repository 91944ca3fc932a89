#include "config/read_listen.hpp"

#include "config/checks.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace testdome_sync::config {
namespace {

std::string beside(const tag_sources& sources, const std::string& path)
{
    return path.empty() ? path : (std::filesystem::path(sources.base_directory) / path).lexically_normal().string();
}

bool read_port(std::string_view text, std::uint16_t& into)
{
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, into);
    return !text.empty() && read.ec == std::errc{} && read.ptr == end;
}

/// ADDRESS:PORT with an IPv6 address in brackets (RFC 3986 §3.2.2). False: it is not written so.
bool read_tcp(const std::string& text, listen_settings& into)
{
    const auto colon = text.rfind(':');
    if (colon == std::string::npos || !read_port(std::string_view(text).substr(colon + 1), into.port))
        return false;
    auto host = text.substr(0, colon);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    in6_addr binary{};
    if (::inet_pton(bracketed ? AF_INET6 : AF_INET, host.c_str(), &binary) != 1)
        return false;
    into.kind = listen_kind::tcp;
    into.host = std::move(host);
    return true;
}

bool read_unix(const std::string& text, listen_settings& into)
{
    if (!text.starts_with("unix:/") || text.size() - 5 >= sizeof(sockaddr_un::sun_path))
        return false;
    into.kind = listen_kind::unix_socket;
    into.path = text.substr(5);
    return true;
}

bool is_loopback(const std::string& host)
{
    in_addr four{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1)
        return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

void read_address(const node& where, const std::string& text, listen_settings& into, problems& found)
{
    if (!text.empty() && !read_tcp(text, into) && !read_unix(text, into))
        found.add(where.where, "\"listen\" is written as ADDRESS:PORT with an IP address, as in 127.0.0.1:8642 or "
                               "[::1]:8642, or as unix:/run/testdome-sync/http.sock");
}

void require_private(const node& where, const listen_settings& read, problems& found)
{
    if (read.kind == listen_kind::tcp && !is_loopback(read.host) && !read.has_tls())
        found.add(where.where, shown_value(where, read.address()) +
                                   " can be reached from other machines, and webhooks carry secrets: listen at "
                                   "127.0.0.1 behind a proxy that has TLS, or write {address: …, certificate: FILE, "
                                   "key: FILE}");
}

} // namespace

std::string listen_settings::address() const
{
    switch (kind) {
    case listen_kind::off: return {};
    case listen_kind::unix_socket: return "unix:" + path;
    case listen_kind::tcp: break;
    }
    const bool is_six = host.find(':') != std::string::npos;
    return (is_six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

listen_settings read_listen(const node& value, jq_library& library, const tag_sources& sources, problems& found)
{
    listen_settings into;
    into.where = value.where;
    if (value.kind != node_kind::mapping) {
        if (const auto text = resolve_text(value, sources, found))
            read_address(value, *text, into, found);
        require_private(value, into, found);
        return into;
    }
    reader in(value, "\"listen\"", library, sources, found);
    const auto* address = in.require("address");
    const auto text = in.text("address");
    into.certificate = beside(sources, in.text("certificate"));
    into.key = beside(sources, in.text("key"));
    if (into.certificate.empty() != into.key.empty())
        found.add(value.where, "TLS needs both \"certificate\" and \"key\"");
    if (!address)
        return into;
    read_address(*address, text, into, found);
    if (into.kind == listen_kind::unix_socket && into.has_tls())
        found.add(value.where, "a Unix socket has no TLS: nothing leaves this machine");
    require_private(*address, into, found);
    return into;
}

} // namespace testdome_sync::config
