#include "tests/sandbox/certificates.hpp"

#include "tests/sandbox/x509.hpp"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

namespace testdome_sync::sandbox {
namespace {

bool is_address(const std::string& host)
{
    return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

} // namespace

certificate make_authority(const std::string& common_name)
{
    const key_pointer key(EVP_EC_gen("P-256"));
    const auto made = blank_certificate(key.get(), common_name, std::chrono::hours{-1}, std::chrono::hours{24 * 30});
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return as_pem(made.get(), key.get());
}

certificate issue(const certificate& authority, const certificate_request& wanted)
{
    const auto issuer = certificate_of(authority);
    const auto issuer_key = key_of(authority);
    const key_pointer key(EVP_EC_gen("P-256"));
    const auto made = blank_certificate(key.get(), wanted.hosts.front(), wanted.valid_from, wanted.valid_until);
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    std::string names;
    for (const auto& host : wanted.hosts)
        names += (names.empty() ? "" : ",") + std::string(is_address(host) ? "IP:" : "DNS:") + host;
    add_extension(made.get(), issuer.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made.get(), issuer.get(), NID_ext_key_usage, "serverAuth");
    add_extension(made.get(), issuer.get(), NID_subject_alt_name, names);
    require(X509_sign(made.get(), issuer_key.get(), EVP_sha256()) > 0);
    return as_pem(made.get(), key.get());
}

} // namespace testdome_sync::sandbox
