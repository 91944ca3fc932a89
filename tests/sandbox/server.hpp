#pragma once

#include "connectors/http/message.hpp"
#include "tests/sandbox/certificates.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace testdome_sync::sandbox {

/// What a server does with one request, besides answering it.
struct reply {
    http::response answer;
    bool close_before_answer = false;  ///< the effect took place, but nobody will know
    std::chrono::milliseconds late{0}; ///< so long after the effect
};
using request_handler = std::function<reply(const http::request&)>;

/// An HTTPS server on loopback. Runs on the executor's thread until it is destroyed.
class server {
public:
    virtual ~server() = default;
    virtual std::uint16_t port() const = 0;
};

/// Listens on 127.0.0.1; port 0 takes a free one. Throws boost::system::system_error if it can't.
std::unique_ptr<server> start_server(boost::asio::any_io_executor executor, std::uint16_t port,
                                     const certificate& identity, request_handler handler);

} // namespace testdome_sync::sandbox
