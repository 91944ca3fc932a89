#pragma once

// For the .cpp files of this folder only: drags OpenSSL along.

#include "connectors/http/connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <string>

namespace testdome_sync::http {

class connector_context {
public:
    connector_context() : tls(boost::asio::ssl::context::tls_client) {}
    boost::asio::ssl::context tls;
};

/// Has the handshake verify chain and host name (RFC 9110 §4.3.4), and note in `problem` what is wrong with the
/// certificate.
void verify_host(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream, const std::string& host,
                 std::string& problem);

/// An error's text, without OpenSSL's file names and codes.
std::string readable_tls_error(const boost::system::error_code& error);

} // namespace testdome_sync::http
