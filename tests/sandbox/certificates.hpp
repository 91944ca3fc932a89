#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace testdome_sync::sandbox {

/// A certificate and its private key, PEM. Made on the spot for tests and the sandbox; never written by the product
/// itself.
struct certificate {
    std::string certificate_pem;
    std::string key_pem;
};

/// A new self-signed authority (EC P-256), valid from an hour ago.
certificate make_authority(const std::string& common_name = "testdome-sync sandbox CA");

struct certificate_request {
    std::vector<std::string> hosts{"localhost", "127.0.0.1",
                                   "::1"};  ///< subject alternative names: DNS names and addresses
    std::chrono::seconds valid_from{-3600}; ///< relative to now
    std::chrono::seconds valid_until{86400};
};
/// A server certificate signed by the authority.
certificate issue(const certificate& authority, const certificate_request& wanted = {});

} // namespace testdome_sync::sandbox
