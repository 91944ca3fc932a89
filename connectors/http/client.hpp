#pragma once

#include "connectors/http/transport.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace testdome_sync::http {

struct client_options {
    std::string ca_file; ///< PEM; empty: the system's trust store
    /// PEM certificate revocation lists; empty: revocation is not looked at. With one, a server whose certificate is
    /// listed, or whose authority has no current list in it, is refused (`errc::tls_failed`). Read again when it
    /// changes.
    std::string crl_file;
    std::string proxy;    ///< `http://host:port`, as in HTTPS_PROXY; empty: none
    std::string no_proxy; ///< as in NO_PROXY: comma list of hosts, `.suffix`es, `*`
    std::size_t connections_per_host = 4;
    std::chrono::seconds idle_limit{25}; ///< a kept connection is closed after this
    std::string user_agent = "testdome-sync";
};

/// `proxy` and `no_proxy` as HTTPS_PROXY (or https_proxy) and NO_PROXY (or no_proxy) have them.
void read_proxy_environment(client_options& options);

/// The HTTPS client: TLS 1.2 or newer, certificate and host name verified (RFC 9110 §4.3.4), SNI, keep-alive pool,
/// gzip. Other URLs than `https://` are `errc::invalid_url`. Reads the CA file and the revocation lists at once; throws
/// std::runtime_error with the path and what to do if that fails.
///
/// One thread: all calls and the executor's handlers run on the same one. The client must outlive its operations.
std::unique_ptr<transport> create_client(boost::asio::any_io_executor executor, client_options options);

} // namespace testdome_sync::http
