#include "tests/support/forged_certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>
#include <random>
#include <stdexcept>

namespace testdome_sync::testing {
namespace {

template <auto Free>
struct freed_by {
    template <class Thing>
    void operator()(Thing* thing) const
    {
        Free(thing);
    }
};
using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<X509_free>>;
using list_pointer = std::unique_ptr<X509_CRL, freed_by<X509_CRL_free>>;
using memory_pointer = std::unique_ptr<BIO, freed_by<BIO_free>>;
using time_pointer = std::unique_ptr<ASN1_TIME, freed_by<ASN1_TIME_free>>;

void require(bool well)
{
    if (!well)
        throw std::runtime_error("OpenSSL could not forge a certificate");
}

memory_pointer memory_of(const std::string& text)
{
    return memory_pointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string text_of(BIO* memory)
{
    char* data = nullptr;
    const auto length = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(length)};
}

certificate_pointer certificate_of(const sandbox::certificate& pair)
{
    certificate_pointer read(PEM_read_bio_X509(memory_of(pair.certificate_pem).get(), nullptr, nullptr, nullptr));
    require(read != nullptr);
    return read;
}

key_pointer key_of(const sandbox::certificate& pair)
{
    key_pointer read(PEM_read_bio_PrivateKey(memory_of(pair.key_pem).get(), nullptr, nullptr, nullptr));
    require(read != nullptr);
    return read;
}

void add_extension(X509* to, X509* issuer, int kind, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr);
    X509_add_ext(to, extension, -1);
    X509_EXTENSION_free(extension);
}

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

certificate_pointer blank(EVP_PKEY* key, const forgery& wanted)
{
    certificate_pointer made(X509_new());
    X509_set_version(made.get(), 2);
    std::random_device random;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), (static_cast<std::uint64_t>(random()) << 31) | random());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), wanted.valid_from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), wanted.valid_until.count());
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(wanted.common_name.c_str()), -1, -1, 0);
    return made;
}

sandbox::certificate as_pem(X509* made, EVP_PKEY* key)
{
    const memory_pointer out(BIO_new(BIO_s_mem())), key_out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(out.get(), made) == 1);
    require(PEM_write_bio_PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {text_of(out.get()), text_of(key_out.get())};
}

time_pointer from_now(std::chrono::seconds offset)
{
    return time_pointer(X509_gmtime_adj(nullptr, offset.count()));
}

} // namespace

sandbox::certificate forge(const sandbox::certificate& authority, const forgery& wanted)
{
    const auto issuer = certificate_of(authority);
    const auto issuer_key = key_of(authority);
    const key_pointer key(wanted.rsa_bits > 0 ? EVP_RSA_gen(static_cast<unsigned>(wanted.rsa_bits))
                                              : EVP_EC_gen("P-256"));
    require(key != nullptr);
    const auto made = blank(key.get(), wanted);
    X509_set_issuer_name(made.get(), X509_get_subject_name(wanted.self_signed ? made.get() : issuer.get()));
    add_extension(made.get(), issuer.get(), NID_basic_constraints, wanted.constraints);
    add_extension(made.get(), issuer.get(), NID_ext_key_usage, wanted.usage);
    if (!wanted.raw_name.empty())
        add_name(made.get(), wanted.raw_name);
    else if (!wanted.names.empty())
        add_extension(made.get(), issuer.get(), NID_subject_alt_name, wanted.names);
    auto* signing_key = wanted.self_signed ? key.get() : issuer_key.get();
    require(X509_sign(made.get(), signing_key, EVP_get_digestbyname(wanted.digest.c_str())) > 0);
    auto pair = as_pem(made.get(), key.get());
    const bool self_signed =
        X509_NAME_cmp(X509_get_subject_name(issuer.get()), X509_get_issuer_name(issuer.get())) == 0;
    if (!self_signed)
        pair.certificate_pem += authority.certificate_pem;
    return pair;
}

sandbox::certificate make_rsa_authority()
{
    const key_pointer key(EVP_RSA_gen(2048));
    require(key != nullptr);
    const auto made = blank(key.get(), {.common_name = "An RSA authority"});
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return as_pem(made.get(), key.get());
}

std::string sign(const sandbox::certificate& authority, const revocation_list& list)
{
    const auto issuer = certificate_of(authority);
    const auto key = key_of(authority);
    const list_pointer made(X509_CRL_new());
    X509_CRL_set_version(made.get(), 1);
    X509_CRL_set_issuer_name(made.get(), X509_get_subject_name(issuer.get()));
    X509_CRL_set1_lastUpdate(made.get(), from_now(list.valid_from).get());
    X509_CRL_set1_nextUpdate(made.get(), from_now(list.valid_until).get());
    for (const auto& one : list.revoked) {
        X509_REVOKED* entry = X509_REVOKED_new();
        const auto revoked = certificate_of(one);
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked.get()));
        X509_REVOKED_set_revocationDate(entry, from_now(list.valid_from).get());
        X509_CRL_add0_revoked(made.get(), entry);
    }
    X509_CRL_sort(made.get());
    require(X509_CRL_sign(made.get(), key.get(), EVP_sha256()) > 0);
    const memory_pointer out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509_CRL(out.get(), made.get()) == 1);
    return text_of(out.get());
}

} // namespace testdome_sync::testing
