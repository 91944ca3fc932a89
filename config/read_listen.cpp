#include "config/read_listen.hpp"

#include "config/checks.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <string_view>

namespace testdome_sync::config {
namespace {

/// 128 bits as 22 characters of base64: no guessing, whatever the rate.
constexpr std::size_t shortest_secret = 22;
constexpr std::size_t longest_secret = 128;

bool is_token(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
}

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

void require_unguessable(const node& where, const secret& path, const tag_sources& sources, problems& found)
{
    const bool is_stand_in =
        sources.credentials == secrets::unneeded && sources.credentials_directory.empty() && where.tag == "!credential";
    const auto& text = path.reveal();
    if (text.empty() || is_stand_in)
        return;
    if (text.size() < shortest_secret || text.size() > longest_secret || !is_token(text))
        found.add(where.where, "\"secret\" is the last part of a path that nobody may guess: " +
                                   std::to_string(shortest_secret) + " to " + std::to_string(longest_secret) +
                                   " letters, digits, - and _, as `openssl rand -hex 16` gives them");
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

webhook_settings read_webhook(const node& value, const std::string& what, bool may_be_signed, jq_library& library,
                              const tag_sources& sources, problems& found)
{
    webhook_settings into;
    into.where = value.where;
    reader in(value, what, library, sources, found);
    into.path = in.secret_text("secret");
    if (may_be_signed) {
        into.hmac_key = in.secret_text("hmac_key");
        into.header = in.text("header");
    }
    for (const auto* key : {"secret", "hmac_key"})
        if (const auto* written = value.find(key))
            refuse_public_secret(*written, found);
    if (const auto* written = value.find("secret"))
        require_unguessable(*written, into.path, sources, found);
    if (value.kind != node_kind::mapping)
        return into;
    if (in.has("secret") == (may_be_signed && in.has("hmac_key")))
        found.add(value.where, what + (may_be_signed ? " has either \"secret\" or \"hmac_key\" and \"header\""
                                                     : " needs \"secret\""));
    else if (may_be_signed && in.has("hmac_key") != in.has("header"))
        found.add(value.where, "\"hmac_key\" and \"header\" belong together: the key that the HR system signs with, "
                               "and the header field that holds its signature");
    else if (in.has("header") && !is_token(into.header))
        found.add(value.find("header")->where, "\"header\" is the name of a header field, as in X-Signature");
    return into;
}

} // namespace testdome_sync::config
