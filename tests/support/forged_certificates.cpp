#include "tests/support/forged_certificates.hpp"

#include "tests/sandbox/x509.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>

namespace testdome_sync::testing {
namespace {

using sandbox::key_pointer;
using sandbox::require;
using list_pointer = std::unique_ptr<X509_CRL, sandbox::freed_by<X509_CRL_free>>;
using memory_pointer = std::unique_ptr<BIO, sandbox::freed_by<BIO_free>>;
using time_pointer = std::unique_ptr<ASN1_TIME, sandbox::freed_by<ASN1_TIME_free>>;

void add_name(X509* to, const std::string& bytes)
{
    ASN1_IA5STRING* text = ASN1_IA5STRING_new();
    ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
    GENERAL_NAME* name = GENERAL_NAME_new();
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    GENERAL_NAMES* names = GENERAL_NAMES_new();
    sk_GENERAL_NAME_push(names, name);
    require(X509_add1_ext_i2d(to, NID_subject_alt_name, names, 0, 0) == 1);
    GENERAL_NAMES_free(names);
}

time_pointer from_now(std::chrono::seconds offset)
{
    return time_pointer(X509_gmtime_adj(nullptr, offset.count()));
}

} // namespace

sandbox::certificate forge(const sandbox::certificate& authority, const forgery& wanted)
{
    const auto issuer = sandbox::certificate_of(authority);
    const auto issuer_key = sandbox::key_of(authority);
    const key_pointer key(wanted.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(wanted.rsa_bits))
                                              : EVP_EC_gen("P-256"));
    const auto made = sandbox::blank_certificate(key.get(), wanted.common_name, wanted.valid_from, wanted.valid_until);
    X509_set_issuer_name(made.get(), X509_get_subject_name(wanted.self_signed ? made.get() : issuer.get()));
    sandbox::add_extension(made.get(), issuer.get(), NID_basic_constraints, wanted.constraints);
    sandbox::add_extension(made.get(), issuer.get(), NID_ext_key_usage, wanted.usage);
    if (!wanted.raw_name.empty())
        add_name(made.get(), wanted.raw_name);
    else if (!wanted.names.empty())
        sandbox::add_extension(made.get(), issuer.get(), NID_subject_alt_name, wanted.names);
    auto* signing_key = wanted.self_signed ? key.get() : issuer_key.get();
    require(X509_sign(made.get(), signing_key, EVP_get_digestbyname(wanted.digest.c_str())) > 0);
    auto pair = sandbox::as_pem(made.get(), key.get());
    const bool self_signed =
        X509_NAME_cmp(X509_get_subject_name(issuer.get()), X509_get_issuer_name(issuer.get())) == 0;
    if (!self_signed)
        pair.certificate_pem += authority.certificate_pem;
    return pair;
}

sandbox::certificate make_rsa_authority()
{
    const key_pointer key(EVP_RSA_gen(2048));
    const forgery usual;
    const auto made = sandbox::blank_certificate(key.get(), "An RSA authority", usual.valid_from, usual.valid_until);
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    sandbox::add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return sandbox::as_pem(made.get(), key.get());
}

std::string sign(const sandbox::certificate& authority, const revocation_list& list)
{
    const auto issuer = sandbox::certificate_of(authority);
    const auto key = sandbox::key_of(authority);
    const list_pointer made(X509_CRL_new());
    X509_CRL_set_version(made.get(), 1);
    X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    X509_CRL_set1_lastUpdate(made.get(), from_now(list.valid_from).get());
    X509_CRL_set1_nextUpdate(made.get(), from_now(list.valid_until).get());
    for (const auto& one : list.revoked) {
        X509_REVOKED* entry = X509_REVOKED_new();
        const auto revoked = sandbox::certificate_of(one);
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked.get()));
        X509_REVOKED_set_revocationDate(entry, from_now(list.valid_from).get());
        X509_CRL_add0_revoked(made.get(), entry);
    }
    X509_CRL_sort(made.get());
    require(X509_CRL_sign(made.get(), key.get(), EVP_sha256()) > 0);
    const memory_pointer out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509_CRL(out.get(), made.get()) == 1);
    char* data = nullptr;
    const auto length = BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(length)};
}

} // namespace testdome_sync::testing
