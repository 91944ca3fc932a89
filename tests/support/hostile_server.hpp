#pragma once

#include "tests/sandbox/certificates.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ssl_st; // OpenSSL's SSL

namespace testdome_sync::testing {

/// One connection as the server sees it, above and beneath TLS. Everything that waits also ends when the client closes
/// or the test is over: then it says false or gives what came until then.
class peer {
public:
    virtual ~peer() = default;

    virtual bool shake_hands() = 0; ///< false if the client refuses
    /// Breaks off once so many bytes of ours were sent; true if the handshake needed no more and was done.
    virtual bool shake_hands_within(std::size_t bytes) = 0;
    virtual ssl_st* tls() = 0; ///< to misbehave further with OpenSSL's own functions

    virtual std::string read_request() = 0; ///< the header, up to the empty line; empty if the client has closed
    virtual bool write(std::string_view bytes) = 0;
    /// One TLS record each, in one write to the socket.
    virtual bool write_at_once(const std::vector<std::string>& records) = 0;
    /// The same bytes until the client has had enough, at most so many times; how often it was.
    virtual std::size_t write_again_and_again(std::string_view bytes, std::size_t at_most) = 0;

    virtual bool read_beneath_tls() = 0; ///< whatever comes first
    virtual bool write_beneath_tls(std::string_view bytes) = 0;
    virtual bool stay(std::chrono::milliseconds duration) = 0; ///< does nothing; true if the client is still there then
    virtual void stay_until_the_client_closes() = 0;
    virtual void hang_up() = 0; ///< ends TCP without TLS's close_notify
};

/// A server on a thread of its own that serves one connection after another as a test says, with plain OpenSSL sockets:
/// nothing of the client's own libraries keeps it from misbehaving. Whatever `conduct` leaves open is closed politely.
class hostile_server {
public:
    using conduct = std::function<void(peer&)>;
    struct protocol {
        int oldest = 0;    ///< OpenSSL's number of the TLS version, 0: any
        int newest = 0;    ///< likewise
        bool weak = false; ///< security level 0: weak keys and ciphers
        /// What to do with a host name in the client's SNI that is not this one; empty: nothing is looked at.
        std::string host{};
        enum class stranger { alert, silence } answer = stranger::alert;
    };

    explicit hostile_server(const sandbox::certificate& identity, conduct behaviour);
    hostile_server(const sandbox::certificate& identity, conduct behaviour, protocol speaks);
    ~hostile_server();

    std::uint16_t port() const;
    int connections() const;

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::testing
