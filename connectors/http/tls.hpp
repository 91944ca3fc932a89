#pragma once

// For the .cpp files of this folder only: drags OpenSSL along.

#include "connectors/http/connection.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <string>
#include <tuple>

namespace testdome_sync::http {

class connector_context {
public:
    connector_context() : tls(boost::asio::ssl::context::tls_client) {}
    boost::asio::ssl::context tls;
    trust_files trust;
    using file_version = std::tuple<long long, long long, long long, unsigned long long>;
    file_version crl_version{}; ///< of the crl_file when it was read
};

/// Has the handshake verify chain, purpose, revocation and host name (RFC 9110 §4.3.4, RFC 9525), and note in `problem`
/// what is wrong with the certificate.
void verify_host(boost::asio::ssl::stream<boost::asio::ip::tcp::socket>& stream, const location& to,
                 std::string& problem);

/// What OpenSSL's verification of a certificate complained about, in words for the administrator, with what to do.
std::string certificate_problem(::X509_STORE_CTX* store, const location& to);

/// Why a handshake failed, in words for the administrator, with what to do.
std::string handshake_problem(const boost::system::error_code& error, const location& to);

/// An error's text, without OpenSSL's file names and codes.
std::string readable_tls_error(const boost::system::error_code& error);

} // namespace testdome_sync::http
