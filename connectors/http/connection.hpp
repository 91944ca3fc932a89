#pragma once

#include "connectors/http/transport.hpp"
#include "connectors/http/url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>

namespace testdome_sync::http {

/// What all connections of one client share: the trust store and the way out. Made once.
class connector_context;

struct trust_files {
    std::string ca_file;  ///< PEM; empty: the system's trust store
    std::string crl_file; ///< PEM revocation lists; empty: revocation is not looked at
};
/// Throws std::runtime_error with the file's path if one can't be read.
std::shared_ptr<connector_context> create_connector_context(const trust_files& trust);
/// The same context, or a new one if the crl_file has changed since: lists end after days, while the program runs on.
result<std::shared_ptr<connector_context>> with_current_lists(std::shared_ptr<connector_context> known);

/// One TLS connection to one origin. Its operations are ended by `abort()`, from the same thread.
class connection {
public:
    virtual ~connection() = default;

    /// Resolves, connects (through the proxy if there is one), and shakes hands. Nothing of a request has left if it
    /// fails.
    virtual boost::asio::awaitable<result<void>> open(const location& to,
                                                      const std::optional<proxy_address>& proxy) = 0;

    /// Sends one request and reads its answer. The failure tells whether a byte may have left.
    virtual boost::asio::awaitable<result<response>> exchange(const request& order, const location& to) = 0;

    /// After an exchange: another one may follow on this connection.
    virtual bool reusable() const = 0;
    /// Nothing has come since the last answer, neither bytes nor an end: the other side still listens, as far as can be
    /// told.
    virtual bool is_quiet() = 0;
    /// The last exchange failed before any byte of an answer came.
    virtual bool answered_nothing() const = 0;

    virtual void abort() = 0;
};

std::unique_ptr<connection> create_connection(boost::asio::any_io_executor executor,
                                              std::shared_ptr<connector_context> context, std::string user_agent);

} // namespace testdome_sync::http
