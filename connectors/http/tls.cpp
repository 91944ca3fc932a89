#include "connectors/http/tls.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

#include <stdexcept>

namespace testdome_sync::http {
namespace ssl = boost::asio::ssl;

std::shared_ptr<connector_context> create_connector_context(const std::string& ca_file)
{
    auto made = std::make_shared<connector_context>();
    auto& tls = made->tls;
    ::SSL_CTX_set_min_proto_version(tls.native_handle(), TLS1_2_VERSION);
    ::SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    tls.set_verify_mode(ssl::verify_peer);
    boost::system::error_code error;
    if (ca_file.empty())
        tls.set_default_verify_paths(error);
    else
        tls.load_verify_file(ca_file, error);
    if (error)
        throw std::runtime_error(ca_file.empty()
                                     ? "the system's trust store can't be read: " + error.message()
                                     : "ca_file " + ca_file + " can't be read as PEM certificates: " + error.message());
    return made;
}

void verify_host(ssl::stream<boost::asio::ip::tcp::socket>& stream, const std::string& host, std::string& problem)
{
    problem.clear();
    stream.set_verify_callback([host, &problem](bool chain_is_good, ssl::verify_context& context) {
        auto* store = context.native_handle();
        if (!chain_is_good) {
            if (problem.empty())
                problem = std::string("the certificate is not accepted: ") +
                          ::X509_verify_cert_error_string(::X509_STORE_CTX_get_error(store));
            return false;
        }
        if (ssl::host_name_verification(host)(chain_is_good, context))
            return true;
        problem = "the certificate is for another host, not for " + host;
        return false;
    });
}

std::string readable_tls_error(const boost::system::error_code& error)
{
    if (error == ssl::error::stream_truncated)
        return "the other side closed the connection without saying so";
    if (error.category() == boost::asio::error::get_ssl_category()) {
        const auto* reason = ::ERR_reason_error_string(static_cast<unsigned long>(error.value()));
        if (reason)
            return reason;
    }
    return error.message();
}

} // namespace testdome_sync::http
