#pragma once

#include "connectors/http/message.hpp"
#include "tests/sandbox/certificates.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace testdome_sync::sandbox {

/// What a server does with one request, besides answering it.
struct reply {
    http::response answer;
    bool close_before_answer = false;  ///< the effect took place, but nobody will know
    std::chrono::milliseconds late{0}; ///< so long after the effect
};
using request_handler = std::function<reply(const http::request&)>;

/// What has come and gone on the wire, for whoever compares clients.
struct traffic {
    long connections = 0;
    long handshakes = 0;                  ///< of TLS
    long resumed = 0;                     ///< handshakes that went on with an earlier session
    long long bytes_in = 0;               ///< as TLS records
    long long bytes_out = 0;              ///< likewise
    std::map<std::string, long> requests; ///< by method and path, numbers in it as `{id}`: `GET /v3/candidates/{id}`
};

/// An HTTPS server on loopback. Runs on the executor's thread until it is destroyed.
class server {
public:
    virtual ~server() = default;
    virtual std::uint16_t port() const = 0;
    virtual const traffic& counted() const = 0;
};

/// Listens on 127.0.0.1; port 0 takes a free one. Throws boost::system::system_error if it can't.
std::unique_ptr<server> start_server(boost::asio::any_io_executor executor, std::uint16_t port,
                                     const certificate& identity, request_handler handler);

} // namespace testdome_sync::sandbox
