#pragma once

#include "config/listen.hpp"
#include "daemon/listener/exchange.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace testdome_sync::listener {

/// What a stranger may take of us.
struct server_limits {
    std::size_t connections = 32;             ///< at once; the one that has kept us waiting for longest makes room
    std::size_t header_bytes = 8 * 1024;      ///< request line and header; more is answered with 431
    std::size_t body_bytes = 64 * 1024;       ///< more is answered with 413
    std::chrono::milliseconds header{5000};   ///< from the connection, or the last answer, to the end of the header
    std::chrono::milliseconds body{5000};     ///< from there to the end of the body; later is answered with 408
    std::chrono::milliseconds answer{5000};   ///< to take the answer, and for a TLS handshake
    std::chrono::milliseconds farewell{1000}; ///< to end a connection in good order
    int requests = 100;                       ///< on one connection
};

/// Speaks HTTP/1.1 (RFC 9110, RFC 9112) with whoever connects, over TCP, TLS or a Unix socket. Nothing that a client
/// does or leaves undone holds up the loop or others. One thread.
class http_server {
public:
    /// Must not throw or wait.
    using answerer = std::function<http::response(const question&)>;

    /// Binds at once. Throws boost::system::system_error if it can't, std::runtime_error if certificate or key can't be
    /// used.
    http_server(boost::asio::any_io_executor loop, const config::listen_settings& where, answerer answer,
                const server_limits& within = {});
    /// Closes everything, and removes a Unix socket.
    ~http_server();
    http_server(const http_server&) = delete;
    http_server& operator=(const http_server&) = delete;

    /// Where it listens, with the port that was found for 0.
    std::string address() const;
    /// How many are connected now.
    std::size_t connections() const;

    /// For the same place: certificate and key are read again, for those who connect from now on. Throws
    /// std::runtime_error if they can't be used; then nothing changes.
    void renew(const config::listen_settings& where);

private:
    struct implementation;
    std::shared_ptr<implementation> implementation_;
};

} // namespace testdome_sync::listener
