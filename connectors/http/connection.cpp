#include "connectors/http/connection.hpp"

#include "connectors/http/inflate.hpp"
#include "connectors/http/tls.hpp"
#include "sync/events.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

namespace testdome_sync::http {
namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::uint32_t header_limit_bytes = 64 * 1024;
/// What Beast may gather before it can parse on: a header, or a chunk's size line, which it doesn't limit by itself.
constexpr std::size_t buffer_limit_bytes = 2 * header_limit_bytes;
constexpr int interim_answers_limit = 10; ///< 1xx answers before the real one (RFC 9110 §15.2)

auto into(error_code& error)
{
    return asio::redirect_error(asio::use_awaitable, error);
}

/// Why an answer was not read to its end, and whose fault that is.
std::pair<errc, std::string> meaning_of(const error_code& error, std::size_t body_limit_bytes)
{
    namespace http = beast::http;
    if (error == http::error::body_limit)
        return {errc::too_large, "the answer is larger than " + std::to_string(body_limit_bytes) + " bytes"};
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return {errc::too_large, "the answer's header is larger than " + std::to_string(header_limit_bytes) + " bytes"};
    const bool invalid = error.category() == make_error_code(http::error::bad_version).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
    if (!invalid)
        return {errc::receive_failed, "the answer broke off: " + readable_tls_error(error)};
    return {errc::receive_failed,
            "the answer is not valid HTTP (" + error.message() + "): check url, and any proxy or gateway between"};
}

/// What Beast lets through and nobody may send us; empty if there is nothing.
std::string problem_of(const beast::http::response_header<>& header)
{
    const auto status = header.result_int();
    if (status < 100)
        return "the answer is not valid HTTP (status " + std::to_string(status) + ')';
    if (status == 101)
        return "the answer switches to a protocol that was not asked for";
    // Two readers of such an answer see two ends of it (RFC 9112 §6.3), and its bytes are not what was asked for.
    const auto [first, last] = header.equal_range(beast::http::field::transfer_encoding);
    if (first != last && (std::next(first) != last || !beast::iequals(first->value(), "chunked")))
        return "the answer has a transfer encoding that was not asked for";
    if (header.count(beast::http::field::content_encoding) > 1)
        return "the answer has an encoding that was not asked for";
    return {};
}

class tls_connection final : public connection {
public:
    tls_connection(asio::any_io_executor executor, std::shared_ptr<connector_context> context, std::string user_agent)
        : context_(std::move(context)), user_agent_(std::move(user_agent)), resolver_(executor),
          stream_(executor, context_->tls)
    {
    }

    asio::awaitable<result<void>> open(const location& to, const std::optional<proxy_address>& proxy) override;
    asio::awaitable<result<response>> exchange(const request& order, const location& to) override;
    bool reusable() const override { return reusable_ && !aborted_; }
    bool is_quiet() override;
    bool answered_nothing() const override { return answered_nothing_; }
    void abort() override;

private:
    asio::awaitable<result<void>> connect(const std::string& host, std::uint16_t port);
    asio::awaitable<result<void>> ask_proxy(const location& to, const proxy_address& proxy);
    asio::awaitable<result<void>> shake_hands(const location& to);
    asio::awaitable<error_code> write(const request& order, const location& to);
    asio::awaitable<result<response>> read(const request& order);
    result<response> finished(const request& order, beast::http::response<beast::http::string_body> message);
    failure failed(const request& order, errc code, const std::string& why, bool may_have_been_carried_out) const;

    std::shared_ptr<connector_context> context_;
    std::string user_agent_;
    tcp::resolver resolver_;
    asio::ssl::stream<tcp::socket> stream_;
    beast::flat_buffer buffer_{buffer_limit_bytes};
    std::string verification_problem_;
    bool reusable_ = false;
    bool answered_nothing_ = true;
    bool aborted_ = false;
};

failure tls_connection::failed(const request& order, errc code, const std::string& why,
                               bool may_have_been_carried_out) const
{
    return {code, printable(order) + ": " + why, may_have_been_carried_out};
}

asio::awaitable<result<void>> tls_connection::connect(const std::string& host, std::uint16_t port)
{
    error_code error;
    const auto endpoints = co_await resolver_.async_resolve(host, std::to_string(port), into(error));
    if (error)
        co_return failure{errc::resolve_failed, "the host " + host + " is not found: " + error.message()};
    if (aborted_)
        co_return failure{errc::canceled, "given up"};
    co_await asio::async_connect(stream_.next_layer(), endpoints, into(error));
    if (error)
        co_return failure{errc::connect_failed,
                          "no connection to " + host + " port " + std::to_string(port) + ": " + error.message()};
    error_code ignored;
    stream_.next_layer().set_option(tcp::no_delay(true), ignored);
    co_return result<void>{};
}

/// RFC 9110 §9.3.6: the proxy opens a tunnel; it never sees what goes through.
asio::awaitable<result<void>> tls_connection::ask_proxy(const location& to, const proxy_address& proxy)
{
    const auto target =
        (to.host.find(':') == std::string::npos ? to.host : '[' + to.host + ']') + ':' + std::to_string(to.port);
    std::string ask = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (!proxy.authorization.empty())
        ask += "Proxy-Authorization: " + proxy.authorization + "\r\n";
    ask += "\r\n";
    error_code error;
    co_await asio::async_write(stream_.next_layer(), asio::buffer(ask), into(error));
    std::string answer;
    if (!error)
        co_await asio::async_read_until(stream_.next_layer(), asio::dynamic_buffer(answer, 16384), "\r\n\r\n",
                                        into(error));
    if (error)
        co_return failure{errc::connect_failed,
                          "the proxy " + proxy.host +
                              (error == asio::error::not_found ? " answers without end"
                                                               : " closed the connection: " + error.message())};
    const auto status = answer.substr(0, answer.find("\r\n"));
    const bool opened = status.size() >= 12 && status.starts_with("HTTP/1.") && status[9] == '2';
    if (!opened)
        co_return failure{errc::connect_failed,
                          "the proxy " + proxy.host + " refuses the tunnel: " + sync::printable(status, 60)};
    co_return result<void>{};
}

asio::awaitable<result<void>> tls_connection::shake_hands(const location& to)
{
    if (!to.is_address())
        ::SSL_set_tlsext_host_name(stream_.native_handle(), to.host.c_str());
    verify_host(stream_, to, verification_problem_);
    error_code error;
    co_await stream_.async_handshake(asio::ssl::stream_base::client, into(error));
    if (!error)
        co_return result<void>{};
    const auto why = verification_problem_.empty() ? handshake_problem(error, to) : verification_problem_;
    co_return failure{errc::tls_failed,
                      "no secure connection to " + to.host + " port " + std::to_string(to.port) + ": " + why};
}

asio::awaitable<result<void>> tls_connection::open(const location& to, const std::optional<proxy_address>& proxy)
{
    const auto& host = proxy ? proxy->host : to.host;
    const auto port = proxy ? proxy->port : to.port;
    auto done = co_await connect(host, port);
    if (done && proxy)
        done = co_await ask_proxy(to, *proxy);
    if (done)
        done = co_await shake_hands(to);
    co_return done;
}

asio::awaitable<error_code> tls_connection::write(const request& order, const location& to)
{
    beast::http::request<beast::http::string_body> message;
    message.version(11);
    message.method_string(order.method);
    message.target(to.target);
    message.set(beast::http::field::host, to.authority());
    message.set(beast::http::field::user_agent, user_agent_);
    message.set(beast::http::field::accept_encoding, "gzip");
    for (const auto& [name, value] : order.headers.list())
        message.insert(name, value);
    message.body() = order.body;
    if (!order.body.empty() || (order.method != "GET" && order.method != "HEAD"))
        message.content_length(order.body.size());
    error_code error;
    co_await beast::http::async_write(stream_, message, into(error));
    co_return error;
}

asio::awaitable<result<response>> tls_connection::exchange(const request& order, const location& to)
{
    reusable_ = false;
    answered_nothing_ = true;
    const auto error = co_await write(order, to);
    if (error)
        co_return failed(order, errc::send_failed, "the connection broke while sending: " + readable_tls_error(error),
                         true);
    co_return co_await read(order);
}

asio::awaitable<result<response>> tls_connection::read(const request& order)
{
    for (int interim = 0; interim < interim_answers_limit; ++interim) {
        beast::http::response_parser<beast::http::string_body> parser;
        parser.body_limit(order.answer_limit_bytes);
        parser.header_limit(header_limit_bytes);
        parser.skip(order.method == "HEAD");
        error_code error;
        co_await beast::http::async_read(stream_, buffer_, parser, into(error));
        answered_nothing_ = answered_nothing_ && !parser.got_some();
        if (error) {
            const auto [code, why] = meaning_of(error, order.answer_limit_bytes);
            co_return failed(order, code, why, true);
        }
        if (const auto problem = problem_of(parser.get()); !problem.empty())
            co_return failed(order, errc::receive_failed, problem, true);
        if (parser.get().result_int() / 100 == 1)
            continue;
        // Bytes after the answer belong to nobody: who sends them can't be trusted with another request.
        reusable_ = parser.keep_alive() && buffer_.size() == 0;
        co_return finished(order, parser.release());
    }
    co_return failed(order, errc::receive_failed, "too many interim answers", true);
}

result<response> tls_connection::finished(const request& order, beast::http::response<beast::http::string_body> message)
{
    response answer;
    answer.status = static_cast<int>(message.result_int());
    for (const auto& field : message)
        answer.headers.add(std::string(field.name_string()), std::string(field.value()));
    const auto encoding = answer.headers.find("Content-Encoding");
    const auto is = [&](std::string_view name) { return beast::iequals(*encoding, name); };
    if (!encoding || is("identity") || message.body().empty()) {
        answer.body = std::move(message.body());
        return answer;
    }
    if (!is("gzip") && !is("x-gzip") && !is("deflate"))
        return failed(order, errc::receive_failed, "the answer has an encoding that was not asked for", true);
    switch (inflate(message.body(), order.answer_limit_bytes, answer.body)) {
    case inflate_outcome::done: return answer;
    case inflate_outcome::too_large:
        return failed(order, errc::too_large,
                      "the answer expands to more than " + std::to_string(order.answer_limit_bytes) + " bytes", true);
    case inflate_outcome::damaged: break;
    }
    return failed(order, errc::receive_failed, "the answer's compression is damaged", true);
}

bool tls_connection::is_quiet()
{
    if (aborted_ || !stream_.next_layer().is_open())
        return false;
    // A second answer that came with the last one may lie in the TLS layer already: read from the socket, not yet by
    // us.
    auto* session = stream_.native_handle();
    if (::SSL_has_pending(session) == 1 || ::BIO_ctrl_pending(::SSL_get_rbio(session)) > 0)
        return false;
    error_code error;
    char byte = 0;
    auto& socket = stream_.next_layer();
    socket.non_blocking(true, error);
    socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, error);
    return error == asio::error::would_block;
}

void tls_connection::abort()
{
    aborted_ = true;
    resolver_.cancel();
    error_code ignored;
    stream_.next_layer().close(ignored);
}

} // namespace

std::unique_ptr<connection> create_connection(asio::any_io_executor executor,
                                              std::shared_ptr<connector_context> context, std::string user_agent)
{
    return std::make_unique<tls_connection>(std::move(executor), std::move(context), std::move(user_agent));
}

} // namespace testdome_sync::http
