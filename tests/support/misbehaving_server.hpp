#pragma once

#include "tests/sandbox/certificates.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// A server on a thread of its own that does to each request exactly what a test says, with plain OpenSSL sockets, so
/// that nothing of the client's own libraries keeps it from misbehaving.
class misbehaving_server {
public:
    struct step {
        std::string answer{}; ///< written as it is
        bool close = false;   ///< then the connection is closed
    };
    enum class protocol { tls, tls_1_1, plain };

    misbehaving_server(const sandbox::certificate& identity, std::vector<step> steps, protocol speaks = protocol::tls);
    ~misbehaving_server();

    std::uint16_t port() const;
    int connections() const;
    int requests() const;
    void wait_for_close(); ///< until a connection has been closed by this side

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::testing
