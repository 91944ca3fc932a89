#pragma once

#include "tests/sandbox/certificates.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// A certificate with something wrong about it; as it stands here, it is right for `localhost`.
struct forgery {
    std::string common_name = "localhost";
    std::string names = "DNS:localhost,IP:127.0.0.1"; ///< subjectAltName as OpenSSL writes it; empty: none
    std::string raw_name{};                           ///< one DNS name of any bytes, instead of `names`
    std::chrono::seconds valid_from{-3600};           ///< relative to now
    std::chrono::seconds valid_until{86400};
    std::string constraints = "critical,CA:FALSE";
    std::string usage = "serverAuth"; ///< extended key usage
    int rsa_bits = 0;                 ///< 0: EC P-256
    std::string digest = "SHA256";    ///< of the issuer's signature
    bool self_signed = false;         ///< there is no issuer
};

/// Signed by `issuer`, whatever that may do. The chain is `issuer`'s after the new one, unless that is an authority of
/// its own.
sandbox::certificate forge(const sandbox::certificate& issuer, const forgery& wanted = {});

/// As sandbox::make_authority, but with an RSA key: only these sign with MD5.
sandbox::certificate make_rsa_authority();

struct revocation_list {
    std::vector<sandbox::certificate> revoked{};
    std::chrono::seconds valid_from{-3600};
    std::chrono::seconds valid_until{86400};
};
/// A certificate revocation list (RFC 5280 §5), PEM.
std::string sign(const sandbox::certificate& authority, const revocation_list& list);

} // namespace testdome_sync::testing
