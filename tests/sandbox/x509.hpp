#pragma once

#include "tests/sandbox/certificates.hpp"

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <string>

namespace testdome_sync::sandbox {

// What certificates are made of; every function throws std::runtime_error when OpenSSL can't.

template <auto Free>
struct freed_by {
    template <class Thing>
    void operator()(Thing* thing) const
    {
        Free(thing);
    }
};
void free_key(EVP_PKEY* key);
void free_certificate(X509* made);
using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<free_key>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<free_certificate>>;

void require(bool well);

/// A certificate of version 3 with a random serial number, valid from and until then (counted from now); not signed
/// yet.
certificate_pointer blank_certificate(EVP_PKEY* key, const std::string& common_name, std::chrono::seconds from,
                                      std::chrono::seconds until);
/// `kind` is OpenSSL's NID, `value` in the words of x509v3_config(5).
void add_extension(X509* to, X509* issuer, int kind, const std::string& value);

certificate_pointer certificate_of(const certificate& pair);
key_pointer key_of(const certificate& pair);
certificate as_pem(X509* made, EVP_PKEY* key);

} // namespace testdome_sync::sandbox
