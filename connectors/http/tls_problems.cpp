// OpenSSL's complaints in the words of whoever has to do something about them.
#include "connectors/http/tls.hpp"
#include "sync/events.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>
#include <ctime>
#include <memory>

namespace testdome_sync::http {
namespace ssl = boost::asio::ssl;
namespace {

constexpr int names_shown = 5;
constexpr std::size_t name_limit_bytes = 80;

std::string text_of(const ASN1_STRING* text)
{
    const auto* bytes = reinterpret_cast<const char*>(::ASN1_STRING_get0_data(text));
    return sync::printable({bytes, static_cast<std::size_t>(::ASN1_STRING_length(text))}, name_limit_bytes);
}

std::string address_of(const ASN1_STRING* octets)
{
    const auto* bytes = ::ASN1_STRING_get0_data(octets);
    boost::system::error_code ignored;
    if (::ASN1_STRING_length(octets) == 4)
        return boost::asio::ip::address_v4({bytes[0], bytes[1], bytes[2], bytes[3]}).to_string();
    if (::ASN1_STRING_length(octets) != 16)
        return "?";
    boost::asio::ip::address_v6::bytes_type sixteen{};
    std::copy_n(bytes, sixteen.size(), sixteen.begin());
    return boost::asio::ip::address_v6(sixteen).to_string();
}

/// The hosts that a certificate is for; empty if it names none (a common name is no host, RFC 9525 §2).
std::string hosts_in(const X509* certificate)
{
    const std::unique_ptr<GENERAL_NAMES, decltype(&::GENERAL_NAMES_free)> names(
        static_cast<GENERAL_NAMES*>(::X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
        &::GENERAL_NAMES_free);
    std::string list;
    int shown = 0;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        int kind = 0;
        const auto* value = ::GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &kind);
        if (kind != GEN_DNS && kind != GEN_IPADD)
            continue;
        if (shown++ == names_shown)
            return list + ", …";
        const auto* text = static_cast<const ASN1_STRING*>(value);
        list += (list.empty() ? "" : ", ") + (kind == GEN_DNS ? text_of(text) : address_of(text));
    }
    return list;
}

/// The name of an authority, or of a certificate, as people know it: common name, else organisation.
std::string name_in(const X509_NAME* name)
{
    for (const int part : {NID_commonName, NID_organizationName}) {
        const int place = ::X509_NAME_get_index_by_NID(name, part, -1);
        if (place >= 0)
            return '"' + text_of(::X509_NAME_ENTRY_get_data(::X509_NAME_get_entry(name, place))) + '"';
    }
    return "an authority without a name";
}

std::string date_of(const ASN1_TIME* time)
{
    std::tm parts{};
    std::array<char, 40> text{};
    if (!time || ::ASN1_TIME_to_tm(time, &parts) != 1 ||
        std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M UTC", &parts) == 0)
        return "a date that can't be read";
    return text.data();
}

std::string revocation_problem(int code, ::X509_STORE_CTX* store, const std::string& issuer)
{
    const auto* list = ::X509_STORE_CTX_get0_current_crl(store);
    const auto fetch = "; fetch a new one from the authority into crl_file (it is read again by itself)";
    switch (code) {
    case X509_V_ERR_UNABLE_TO_GET_CRL:
        return "crl_file holds no revocation list of " + issuer +
               ", who issued its certificate: it can't be known whether it was revoked; add that list to crl_file";
    case X509_V_ERR_CRL_HAS_EXPIRED:
        return "the revocation list of " + issuer + " in crl_file expired on " +
               date_of(list ? ::X509_CRL_get0_nextUpdate(list) : nullptr) + fetch;
    case X509_V_ERR_CRL_NOT_YET_VALID:
        return "the revocation list of " + issuer + " in crl_file is valid only from " +
               date_of(list ? ::X509_CRL_get0_lastUpdate(list) : nullptr) + ": check this machine's clock" + fetch;
    default:
        return "the revocation list of " + issuer +
               " in crl_file can't be used: " + ::X509_verify_cert_error_string(code) + fetch;
    }
}

} // namespace

std::string certificate_problem(::X509_STORE_CTX* store, const location& to)
{
    const int code = ::X509_STORE_CTX_get_error(store);
    auto* about = ::X509_STORE_CTX_get_current_cert(store);
    if (!about)
        return std::string("its certificate is not accepted: ") + ::X509_verify_cert_error_string(code);
    const bool own = ::X509_STORE_CTX_get_error_depth(store) == 0;
    const auto issuer = name_in(::X509_get_issuer_name(about));
    const auto subject =
        own ? "its certificate" : "the certificate of its authority " + name_in(::X509_get_subject_name(about));
    switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return subject + " expired on " + date_of(::X509_get0_notAfter(about)) +
               ": whoever runs the server must renew it (or this machine's clock is wrong)";
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return subject + " is valid only from " + date_of(::X509_get0_notBefore(about)) +
               ": check this machine's clock";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH: {
        const auto hosts = hosts_in(about);
        if (hosts.empty())
            return "its certificate names no host (a common name alone does not count): it needs a "
                   "subjectAltName " +
                   to.host;
        return "its certificate is for another host (" + hosts + "), not for " + to.host +
               ": check the host in url, or who answers there";
    }
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return "its certificate is self-signed: nobody vouches for it; if the server is your own, name that "
               "certificate in ca_file";
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED:
        return "its certificate was issued by " + issuer +
               ", an authority that is not trusted here: if it is your company's, name its certificate in ca_file; "
               "else the server leaves out a certificate between, or is not the one it says";
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return subject + " was not signed by " + issuer +
               ", as it says: the server may be an impostor, or ca_file holds another certificate of that name";
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_INVALID_NON_CA:
        return subject + " is not one of an authority (it may not issue certificates), yet it issued the server's: "
                         "the server may be an impostor";
    case X509_V_ERR_INVALID_PURPOSE:
        return subject + " is not meant for a server (its extended key usage lacks serverAuth): it must be issued anew";
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
        return subject + " has a key that is too weak (RSA needs 2048 bits): it must be issued anew";
    case X509_V_ERR_CA_MD_TOO_WEAK:
        return subject + " is signed with an algorithm that is too weak (SHA-1 or MD5): it must be issued anew";
    case X509_V_ERR_CERT_REVOKED:
        return subject + " was revoked by " + issuer +
               " (crl_file says so): its key may be stolen; whoever runs the server must get a new certificate";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE: return revocation_problem(code, store, issuer);
    default: return subject + " is not accepted: " + ::X509_verify_cert_error_string(code);
    }
}

std::string handshake_problem(const boost::system::error_code& error, const location& to)
{
    const bool closed = error == ssl::error::stream_truncated || error == boost::asio::error::eof ||
                        error == boost::asio::error::connection_reset || error == boost::asio::error::broken_pipe;
    if (closed)
        return "it closed the connection in the middle of the TLS handshake: perhaps it does not know the host name " +
               to.host + ", or something between breaks the connection off; check the host and port in url";
    if (error.category() != boost::asio::error::get_ssl_category())
        return error.message();
    const auto code = static_cast<unsigned long>(static_cast<unsigned>(error.value()));
    switch (ERR_GET_REASON(code)) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return "it speaks only TLS older than 1.2, which is not safe: its software must be updated";
    case SSL_R_TLSV1_UNRECOGNIZED_NAME: return "it does not know the host name " + to.host + ": check the host in url";
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_BAD_RECORD_TYPE:
    case SSL_R_UNEXPECTED_MESSAGE:
    case SSL_R_UNEXPECTED_RECORD:
    case SSL_R_RECORD_LENGTH_MISMATCH:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_ENCRYPTED_LENGTH_TOO_LONG:
    case SSL_R_DATA_LENGTH_TOO_LONG:
        return "what answers there does not speak TLS (perhaps plain HTTP, or another protocol): check the port in url";
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
    case SSL_R_TLSV1_ALERT_INSUFFICIENT_SECURITY:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_DH_KEY_TOO_SMALL:
        return "it agrees to none of the secure ciphers of this machine, or wants a client certificate (" +
               readable_tls_error(error) + "): see the server's own log";
    default:
        return "the TLS handshake failed (" + readable_tls_error(error) +
               "): check the host and port in url, and the server's own log";
    }
}

std::string readable_tls_error(const boost::system::error_code& error)
{
    if (error == ssl::error::stream_truncated)
        return "the other side closed the connection without saying so";
    if (error.category() == boost::asio::error::get_ssl_category()) {
        const auto code = static_cast<unsigned long>(static_cast<unsigned>(error.value()));
        if (ERR_GET_REASON(code) == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)
            return "it wants a client certificate, and testdome-sync has none";
        const auto* reason = ::ERR_reason_error_string(code);
        return reason ? reason : "TLS has failed";
    }
    return error.message();
}

} // namespace testdome_sync::http
