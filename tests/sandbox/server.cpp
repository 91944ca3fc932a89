#include "tests/sandbox/server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <algorithm>
#include <list>

namespace testdome_sync::sandbox {
namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using tls_stream = asio::ssl::stream<tcp::socket>;

/// What the acceptor and its sessions share; the last of them that ends frees it.
struct shared_state {
    shared_state(const asio::any_io_executor& executor, const certificate& identity, request_handler with)
        : tls(asio::ssl::context::tls_server), acceptor(executor), handler(std::move(with))
    {
        tls.use_certificate_chain(asio::buffer(identity.certificate_pem));
        tls.use_private_key(asio::buffer(identity.key_pem), asio::ssl::context::pem);
    }
    asio::ssl::context tls;
    tcp::acceptor acceptor;
    request_handler handler;
    std::list<tls_stream*> open; ///< so that they can be closed when the server goes
    traffic counted;
};

/// Method and path, with `{id}` for each number in it.
std::string endpoint_of(const http::request& request)
{
    std::string endpoint = request.method + ' ';
    const auto path = std::string_view(request.url).substr(0, request.url.find('?'));
    for (std::size_t begin = 0; begin < path.size();) {
        const auto end = std::min(path.find('/', begin + 1), path.size());
        const auto segment = path.substr(begin + 1, end - begin - 1);
        const bool is_number = !segment.empty() && segment.find_first_not_of("0123456789") == std::string_view::npos;
        endpoint.append("/").append(is_number ? "{id}" : segment);
        begin = end;
    }
    return endpoint;
}

/// Counts what a stream has read and written since it was last asked.
class stream_meter {
public:
    stream_meter(tls_stream& stream, traffic& into) : ssl_(stream.native_handle()), into_(into) {}

    void read()
    {
        const auto in = BIO_number_read(SSL_get_rbio(ssl_));
        const auto out = BIO_number_written(SSL_get_wbio(ssl_));
        into_.bytes_in += static_cast<long long>(in - in_);
        into_.bytes_out += static_cast<long long>(out - out_);
        in_ = in;
        out_ = out;
    }

private:
    SSL* ssl_;
    traffic& into_;
    std::uint64_t in_ = 0;
    std::uint64_t out_ = 0;
};

auto into(error_code& error)
{
    return asio::redirect_error(asio::use_awaitable, error);
}

http::request as_request(const beast::http::request<beast::http::string_body>& message)
{
    http::request made;
    made.method = std::string(message.method_string());
    made.url = std::string(message.target());
    made.body = message.body();
    for (const auto& field : message)
        made.headers.add(std::string(field.name_string()), std::string(field.value()));
    return made;
}

beast::http::response<beast::http::string_body> as_message(const http::response& answer, bool keep_alive)
{
    beast::http::response<beast::http::string_body> message;
    message.version(11);
    message.result(static_cast<unsigned>(answer.status));
    for (const auto& [name, value] : answer.headers.list())
        message.insert(name, value);
    message.body() = answer.body;
    message.keep_alive(keep_alive);
    if (answer.status != 204 && answer.status != 304)
        message.content_length(answer.body.size());
    return message;
}

asio::awaitable<void> serve(tls_stream& stream, shared_state& state)
{
    error_code error;
    ++state.counted.connections;
    co_await stream.async_handshake(asio::ssl::stream_base::server, into(error));
    if (!error) {
        ++state.counted.handshakes;
        state.counted.resumed += SSL_session_reused(stream.native_handle());
    }
    stream_meter meter(stream, state.counted);
    beast::flat_buffer buffer;
    while (!error) {
        beast::http::request_parser<beast::http::string_body> parser;
        parser.body_limit(16 * 1024 * 1024);
        co_await beast::http::async_read(stream, buffer, parser, into(error));
        if (error)
            co_return;
        const auto request = as_request(parser.get());
        ++state.counted.requests[endpoint_of(request)];
        meter.read();
        const auto reply = state.handler(request);
        if (reply.close_before_answer)
            co_return;
        if (reply.late.count() > 0) {
            asio::steady_timer pause(stream.get_executor(), reply.late);
            co_await pause.async_wait(into(error));
        }
        const auto message = as_message(reply.answer, parser.get().keep_alive());
        co_await beast::http::async_write(stream, message, into(error));
        meter.read();
        if (!message.keep_alive())
            break;
    }
    co_await stream.async_shutdown(into(error));
}

asio::awaitable<void> session(tcp::socket socket, std::shared_ptr<shared_state> state)
{
    tls_stream stream(std::move(socket), state->tls);
    error_code ignored;
    stream.next_layer().set_option(tcp::no_delay(true), ignored);
    const auto place = state->open.insert(state->open.end(), &stream);
    co_await serve(stream, *state);
    state->open.erase(place);
}

asio::awaitable<void> accept_all(std::shared_ptr<shared_state> state)
{
    for (;;) {
        error_code error;
        auto socket = co_await state->acceptor.async_accept(into(error));
        if (!state->acceptor.is_open())
            co_return;
        if (!error) // a session has no owner but the state that it shares: it ends with its socket
            asio::co_spawn(state->acceptor.get_executor(), session(std::move(socket), state), asio::detached);
    }
}

class tls_server final : public server {
public:
    tls_server(const asio::any_io_executor& executor, std::uint16_t port, const certificate& identity,
               request_handler handler)
        : state_(std::make_shared<shared_state>(executor, identity, std::move(handler)))
    {
        const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
        state_->acceptor.open(endpoint.protocol());
        state_->acceptor.set_option(tcp::acceptor::reuse_address(true));
        state_->acceptor.bind(endpoint);
        state_->acceptor.listen();
        asio::co_spawn(executor, accept_all(state_), asio::detached);
    }

    ~tls_server() override
    {
        error_code ignored;
        state_->acceptor.close(ignored);
        for (auto* stream : state_->open)
            stream->next_layer().close(ignored);
    }

    std::uint16_t port() const override { return state_->acceptor.local_endpoint().port(); }
    const traffic& counted() const override { return state_->counted; }

private:
    std::shared_ptr<shared_state> state_;
};

} // namespace

std::unique_ptr<server> start_server(asio::any_io_executor executor, std::uint16_t port, const certificate& identity,
                                     request_handler handler)
{
    return std::make_unique<tls_server>(executor, port, identity, std::move(handler));
}

} // namespace testdome_sync::sandbox
