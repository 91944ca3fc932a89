#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace testdome_sync::testing {

/// An HTTP proxy on a thread of its own that opens one CONNECT tunnel to a port on this machine, whatever host the
/// client asks for, and carries bytes until either side closes.
class tunnel {
public:
    explicit tunnel(std::uint16_t target);
    ~tunnel(); ///< ends the tunnel

    std::uint16_t port() const;
    std::string request() const; ///< what the client wrote to the proxy, up to the empty line; empty before that

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::testing
