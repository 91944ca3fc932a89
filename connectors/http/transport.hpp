#pragma once

#include "connectors/http/message.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <string>

namespace testdome_sync::http {

enum class errc {
    invalid_url = 1,
    resolve_failed, ///< host name not found
    connect_failed, ///< refused, unreachable, or the proxy said no
    tls_failed,     ///< certificate or protocol; the detail names the reason
    send_failed,    ///< the connection broke while or after writing
    receive_failed, ///< the answer broke off or isn't HTTP
    too_large,      ///< the answer exceeds the request's limit
    timed_out,      ///< the request's deadline passed
    canceled,       ///< the caller was canceled
    too_many_redirects,
};
const boost::system::error_category& category();
boost::system::error_code make_error_code(errc code);

/// Why there is no answer, and whether the request may have been carried out all the same.
struct failure {
    boost::system::error_code code;
    std::string detail;                     ///< for people: method and URL without query, reason; no secret, no body
    bool may_have_been_carried_out = false; ///< true as soon as one byte of the request may have left
};
[[noreturn]] void throw_exception_from_error(const failure& failure, const boost::source_location& where);
template <class T>
using result = boost::system::result<T, failure>;

/// Sends HTTP requests. Implemented over TLS by `create_client`, and by scripts and simulated servers in tests.
class transport {
public:
    virtual ~transport() = default;

    /// One request, one answer of whatever status. Never throws for what a network can do. A request with
    /// `repetition::never` is written to at most one connection.
    ///
    /// Cancellation: terminal and partial; ends with `errc::canceled` and a truthful `may_have_been_carried_out`.
    /// @param order moved into the operation: nothing needs to stay alive.
    virtual boost::asio::awaitable<result<response>> send(request order) = 0;
};

} // namespace testdome_sync::http

template <>
struct boost::system::is_error_code_enum<testdome_sync::http::errc> : std::true_type {
};
