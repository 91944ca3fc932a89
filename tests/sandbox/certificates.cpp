#include "tests/sandbox/certificates.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <random>
#include <stdexcept>

namespace testdome_sync::sandbox {
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
using memory_pointer = std::unique_ptr<BIO, freed_by<BIO_free>>;

void require(bool well)
{
    if (!well)
        throw std::runtime_error("OpenSSL could not make a certificate");
}

std::string text_of(BIO* memory)
{
    char* data = nullptr;
    const auto length = BIO_get_mem_data(memory, &data);
    return {data, static_cast<std::size_t>(length)};
}

memory_pointer memory_of(const std::string& text)
{
    return memory_pointer(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

certificate as_pem(X509* made, EVP_PKEY* key)
{
    const memory_pointer out(BIO_new(BIO_s_mem())), key_out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(out.get(), made) == 1);
    require(PEM_write_bio_PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {text_of(out.get()), text_of(key_out.get())};
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

certificate_pointer blank(EVP_PKEY* key, const std::string& name, std::chrono::seconds from, std::chrono::seconds until)
{
    certificate_pointer made(X509_new());
    X509_set_version(made.get(), 2);
    std::random_device random;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), (static_cast<std::uint64_t>(random()) << 31) | random());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until.count());
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
    return made;
}

bool is_address(const std::string& host)
{
    return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

} // namespace

certificate make_authority(const std::string& common_name)
{
    const key_pointer key(EVP_EC_gen("P-256"));
    require(key != nullptr);
    auto made = blank(key.get(), common_name, std::chrono::hours{-1}, std::chrono::hours{24 * 30});
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    add_extension(made.get(), made.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), made.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    require(X509_sign(made.get(), key.get(), EVP_sha256()) > 0);
    return as_pem(made.get(), key.get());
}

certificate issue(const certificate& authority, const certificate_request& wanted)
{
    const auto issuer_memory = memory_of(authority.certificate_pem), issuer_key_memory = memory_of(authority.key_pem);
    const certificate_pointer issuer(PEM_read_bio_X509(issuer_memory.get(), nullptr, nullptr, nullptr));
    const key_pointer issuer_key(PEM_read_bio_PrivateKey(issuer_key_memory.get(), nullptr, nullptr, nullptr));
    const key_pointer key(EVP_EC_gen("P-256"));
    require(issuer && issuer_key && key);
    auto made = blank(key.get(), wanted.hosts.front(), wanted.valid_from, wanted.valid_until);
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
