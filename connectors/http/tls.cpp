#include "connectors/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace testdome_sync::http {
namespace ssl = boost::asio::ssl;
namespace {

/// 112 bits: no RSA below 2048, no SHA-1 or MD5 (OpenSSL's SSL_CTX_set_security_level). Debian's default. A machine's
/// openssl.cnf may ask for more than this and TLS 1.2, not for less.
constexpr int least_security_level = 2;

connector_context::file_version version_of(const std::string& path)
{
    struct stat status {};
    if (path.empty() || ::stat(path.c_str(), &status) != 0)
        return {};
    return {status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino};
}

/// Empty, or why the lists can't be used.
std::string load_revocation_lists(ssl::context& tls, const std::string& path)
{
    if (::access(path.c_str(), R_OK) != 0)
        return "crl_file " + path + " can't be read: " + std::generic_category().message(errno);
    auto* store = ::SSL_CTX_get_cert_store(tls.native_handle());
    auto* lookup = ::X509_STORE_add_lookup(store, ::X509_LOOKUP_file());
    const bool read = lookup && ::X509_load_crl_file(lookup, path.c_str(), X509_FILETYPE_PEM) > 0;
    ::ERR_clear_error();
    if (!read)
        return "crl_file " + path +
               " holds no PEM revocation lists (-----BEGIN X509 CRL-----), or a damaged one: "
               "fetch it again from your authority, and if it is a DER file: openssl crl -inform DER -in FILE -out " +
               path;
    // The list of whoever issued the server's certificate; an authority's own revocation is told by its list's end.
    ::X509_STORE_set_flags(store, X509_V_FLAG_CRL_CHECK);
    return {};
}

result<std::shared_ptr<connector_context>> read_trust(const trust_files& trust)
{
    auto made = std::make_shared<connector_context>();
    made->trust = trust;
    auto& tls = made->tls;
    if (::SSL_CTX_get_min_proto_version(tls.native_handle()) < TLS1_2_VERSION) // 0: any
        ::SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    ::SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    ::SSL_CTX_set_security_level(tls.native_handle(),
                                 std::max(least_security_level, ::SSL_CTX_get_security_level(tls.native_handle())));
    tls.set_verify_mode(ssl::verify_peer);
    boost::system::error_code error;
    if (trust.ca_file.empty())
        tls.set_default_verify_paths(error);
    else
        tls.load_verify_file(trust.ca_file, error);
    if (error)
        return failure{errc::tls_failed,
                       trust.ca_file.empty()
                           ? "the system's trust store can't be read: " + error.message()
                           : "ca_file " + trust.ca_file + " can't be read as PEM certificates: " + error.message()};
    if (trust.crl_file.empty())
        return made;
    made->crl_version = version_of(trust.crl_file); // before it is read: a change in between is seen next time
    if (auto problem = load_revocation_lists(tls, trust.crl_file); !problem.empty())
        return failure{errc::tls_failed, std::move(problem)};
    return made;
}

} // namespace

std::shared_ptr<connector_context> create_connector_context(const trust_files& trust)
{
    auto made = read_trust(trust);
    if (!made)
        throw std::runtime_error(made.error().detail);
    return *made;
}

result<std::shared_ptr<connector_context>> with_current_lists(std::shared_ptr<connector_context> known)
{
    if (known->crl_version == version_of(known->trust.crl_file))
        return known;
    return read_trust(known->trust);
}

void verify_host(ssl::stream<boost::asio::ip::tcp::socket>& stream, const location& to, std::string& problem)
{
    problem.clear();
    auto* wanted = ::SSL_get0_param(stream.native_handle());
    // RFC 9525 §6.3, §6.4: only subjectAltName names a server, and a wildcard is a whole label.
    ::X509_VERIFY_PARAM_set_hostflags(wanted,
                                      X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const bool can_be_verified = to.is_address()
                                     ? ::X509_VERIFY_PARAM_set1_ip_asc(wanted, to.host.c_str()) == 1
                                     : ::X509_VERIFY_PARAM_set1_host(wanted, to.host.data(), to.host.size()) == 1;
    stream.set_verify_callback([to, can_be_verified, &problem](bool is_good, ssl::verify_context& context) {
        if (is_good && can_be_verified)
            return true;
        if (problem.empty())
            problem = is_good ? "the host " + to.host + " can't be compared with a certificate; write its name in url"
                              : certificate_problem(context.native_handle(), to);
        return false;
    });
}

} // namespace testdome_sync::http
