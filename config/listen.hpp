#pragma once

#include "config/problems.hpp"

#include <cstdint>
#include <string>

namespace testdome_sync::config {

enum class listen_kind { off, tcp, unix_socket };

/// `listen:` — where the HTTP listener is found: `127.0.0.1:8642`, `[::1]:8642`, `unix:PATH`, or
/// `{address: …, certificate: FILE, key: FILE}` for TLS. Without TLS only what can't leave this machine.
struct listen_settings {
    listen_kind kind = listen_kind::off;
    std::string host;        ///< an IP address without brackets
    std::uint16_t port = 0;  ///< 0: any that is free; the log tells which
    std::string path;        ///< of the Unix socket
    std::string certificate; ///< `certificate:` PEM, the server's own first; empty: no TLS
    std::string key;         ///< `key:` PEM
    position where;

    bool is_on() const { return kind != listen_kind::off; }
    bool has_tls() const { return !certificate.empty(); }
    /// As `address:` is written.
    std::string address() const;
    bool is_same_place(const listen_settings& other) const { return address() == other.address(); }
};

} // namespace testdome_sync::config
