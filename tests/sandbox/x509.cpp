#include "tests/sandbox/x509.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <random>
#include <stdexcept>

namespace testdome_sync::sandbox {
namespace {

using memory_pointer = std::unique_ptr<BIO, freed_by<BIO_free>>;

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

} // namespace

void free_key(EVP_PKEY* key)
{
    EVP_PKEY_free(key);
}

void free_certificate(X509* made)
{
    X509_free(made);
}

void require(bool well)
{
    if (!well)
        throw std::runtime_error("OpenSSL could not make a certificate");
}

certificate_pointer blank_certificate(EVP_PKEY* key, const std::string& common_name, std::chrono::seconds from,
                                      std::chrono::seconds until)
{
    require(key != nullptr);
    certificate_pointer made(X509_new());
    X509_set_version(made.get(), 2);
    std::random_device random;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(made.get()), (static_cast<std::uint64_t>(random()) << 31) | random());
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until.count());
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
    return made;
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

certificate_pointer certificate_of(const certificate& pair)
{
    certificate_pointer read(PEM_read_bio_X509(memory_of(pair.certificate_pem).get(), nullptr, nullptr, nullptr));
    require(read != nullptr);
    return read;
}

key_pointer key_of(const certificate& pair)
{
    key_pointer read(PEM_read_bio_PrivateKey(memory_of(pair.key_pem).get(), nullptr, nullptr, nullptr));
    require(read != nullptr);
    return read;
}

certificate as_pem(X509* made, EVP_PKEY* key)
{
    const memory_pointer out(BIO_new(BIO_s_mem())), key_out(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(out.get(), made) == 1);
    require(PEM_write_bio_PrivateKey(key_out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return {text_of(out.get()), text_of(key_out.get())};
}

} // namespace testdome_sync::sandbox
