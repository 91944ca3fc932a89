#include "daemon/listener/server_identity.hpp"

#include <boost/asio/ssl/context.hpp>

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <stdexcept>
#include <system_error>

namespace testdome_sync::listener {
namespace ssl = boost::asio::ssl;
namespace {

void require_readable(const char* what, const std::string& path)
{
    if (::access(path.c_str(), R_OK) != 0)
        throw std::runtime_error(std::string(what) + ' ' + path +
                                 " can't be read: " + std::generic_category().message(errno));
}

using time_point = std::chrono::system_clock::time_point;

/// RFC 5280 §4.1.2.5: UTC.
time_point end_of(const ::X509* certificate)
{
    std::tm parts{};
    if (::ASN1_TIME_to_tm(::X509_get0_notAfter(certificate), &parts) != 1)
        throw std::runtime_error("the certificate has no end that can be read");
    return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

} // namespace

std::optional<time_point> end_of_certificate(const config::listen_settings& of)
{
    const auto identity = load_identity(of);
    if (!identity)
        return std::nullopt;
    auto* context = identity->native_handle();
    auto end = end_of(::SSL_CTX_get0_certificate(context));
    STACK_OF(X509)* chain = nullptr;
    ::SSL_CTX_get0_chain_certs(context, &chain);
    for (int i = 0; i < sk_X509_num(chain); ++i)
        end = std::min(end, end_of(sk_X509_value(chain, i)));
    return end;
}

std::shared_ptr<ssl::context> load_identity(const config::listen_settings& of)
{
    if (!of.has_tls())
        return nullptr;
    require_readable("certificate", of.certificate);
    require_readable("key", of.key);
    auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
    ::SSL_CTX_set_min_proto_version(made->native_handle(), TLS1_2_VERSION);
    ::SSL_CTX_set_options(made->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // OpenSSL would ask the terminal.
    made->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string{}; });
    boost::system::error_code error;
    made->use_certificate_chain_file(of.certificate, error);
    if (error)
        throw std::runtime_error("certificate " + of.certificate + " holds no PEM certificates: " + error.message());
    made->use_private_key_file(of.key, ssl::context::pem, error);
    if (error)
        throw std::runtime_error("key " + of.key + " holds no PEM key without a passphrase that fits the certificate " +
                                 of.certificate + ": " + error.message());
    return made;
}

} // namespace testdome_sync::listener
