#include "daemon/listener/http_server.hpp"

#include "daemon/listener/listening_socket.hpp"
#include "daemon/listener/server_identity.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <list>
#include <optional>

namespace testdome_sync::listener {
namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;

namespace {

using socket = asio::generic::stream_protocol::socket;
using parser = beast::http::request_parser<beast::http::string_body>;
using message = beast::http::response<beast::http::string_body>;
using ssl_context = std::shared_ptr<asio::ssl::context>;

auto into(error_code& error)
{
    return asio::redirect_error(asio::use_awaitable, error);
}

/// Somebody who is connected. What waits for it is canceled when its time is up; the socket stays usable, so that it
/// can be told.
class client : public std::enable_shared_from_this<client> {
public:
    explicit client(socket connected) : stream(std::move(connected)), timer_(stream.get_executor()) {}

    void allow(std::chrono::milliseconds time)
    {
        is_late = false;
        timer_.expires_after(time);
        timer_.async_wait([weak = weak_from_this()](const error_code& error) {
            const auto self = weak.lock();
            // It may have been given more time since this was put into the queue.
            if (error || !self || self->timer_.expiry() > asio::steady_timer::clock_type::now())
                return;
            self->is_late = true;
            error_code ignored;
            self->stream.cancel(ignored);
        });
    }

    void close()
    {
        error_code ignored;
        timer_.cancel();
        stream.close(ignored);
    }

    socket stream;
    bool is_late = false;
    asio::steady_timer::time_point waited_for_since = asio::steady_timer::clock_type::now();

private:
    asio::steady_timer timer_;
};

/// RFC 9110 §5.6.7.
std::string http_date()
{
    const auto now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

/// The status for a request that can't be read; 0: nobody is there to be told.
int status_of(const error_code& failed, bool is_late, bool has_begun)
{
    using beast::http::error;
    if (is_late)
        return has_begun ? 408 : 0;
    if (failed == error::header_limit || failed == error::buffer_overflow)
        return 431;
    if (failed == error::body_limit)
        return 413;
    if (failed == error::bad_version)
        return 505;
    if (failed == error::end_of_stream || failed == error::partial_message)
        return 0;
    return failed.category() == beast::http::make_error_code(error::bad_method).category() ? 400 : 0;
}

/// The path of an origin-form or absolute-form target (RFC 9112 §3.2); empty if it is neither.
std::string path_of(std::string_view target)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme))
            continue;
        const auto slash = target.find('/', scheme.size());
        target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
    }
    return target.starts_with('/') ? std::string(target.substr(0, target.find('?'))) : std::string{};
}

question as_question(const parser::value_type& read)
{
    question made{
        std::string(read.method_string()), path_of({read.target().data(), read.target().size()}), {}, read.body()};
    for (const auto& field : read)
        made.headers.add(std::string(field.name_string()), std::string(field.value()));
    return made;
}

/// What HTTP itself has to say against a request that could be read.
std::optional<http::response> objection(const parser::value_type& read)
{
    using beast::http::field;
    if (read.method() == beast::http::verb::unknown)
        return text_answer(501, "this method is not known here");
    if (path_of({read.target().data(), read.target().size()}).empty())
        return text_answer(400, "the target is no path");
    const auto hosts = read.count(field::host);
    if (hosts > 1 || (hosts == 0 && read.version() >= 11)) // RFC 9112 §3.2
        return text_answer(400, "there must be one Host");
    const auto expect = read.find(field::expect);
    if (expect != read.end() && !beast::iequals(expect->value(), "100-continue"))
        return text_answer(417, "only 100-continue can be expected");
    return std::nullopt;
}

message as_message(const http::response& answer, bool keep_alive)
{
    message made;
    made.version(11);
    made.result(static_cast<unsigned>(answer.status));
    made.set(beast::http::field::date, http_date());
    for (const auto& [name, value] : answer.headers.list())
        made.set(name, value);
    made.body() = answer.body;
    made.keep_alive(keep_alive);
    made.content_length(answer.body.size());
    return made;
}

/// Reads what is still under way, so that a client that is still sending gets to see our last answer: a socket that is
/// closed with unread data resets the connection, and the answer with it (RFC 9112 §9.6).
asio::awaitable<void> say_farewell(client& to, std::chrono::milliseconds time)
{
    constexpr std::size_t most = 1024 * 1024;
    error_code error;
    to.stream.shutdown(socket::shutdown_send, error);
    to.allow(time);
    std::array<char, 4096> ignored{};
    for (std::size_t read = 0; !error && !to.is_late && read < most;)
        read += co_await to.stream.async_read_some(asio::buffer(ignored), into(error));
}

} // namespace

struct http_server::implementation : std::enable_shared_from_this<implementation> {
    implementation(const asio::any_io_executor& loop, const config::listen_settings& at, answerer with,
                   const server_limits& within)
        : where(at), answer(std::move(with)), limits(within), identity(load_identity(at)),
          listening(listen_at(loop, at)), pause(loop), told_address(address_of(listening, at))
    {
    }

    asio::awaitable<void> accept_all();
    void begin(socket connected);
    void make_room();
    asio::awaitable<void> serve(std::shared_ptr<client> with);
    asio::awaitable<void> serve_securely(client& with, ssl_context context);
    template <class Stream>
    asio::awaitable<void> converse(Stream& stream, client& with);
    template <class Stream>
    asio::awaitable<bool> exchange(Stream& stream, client& with, beast::flat_buffer& buffer, bool is_last);
    template <class Stream>
    asio::awaitable<error_code> read(Stream& stream, client& with, beast::flat_buffer& buffer, parser& request);
    template <class Stream>
    asio::awaitable<bool> write(Stream& stream, client& with, message answered, bool only_header);
    void close();

    config::listen_settings where;
    answerer answer;
    server_limits limits;
    ssl_context identity; ///< null: no TLS
    acceptor listening;
    asio::steady_timer pause;
    std::string told_address;
    std::list<std::shared_ptr<client>> clients;
    bool is_closed = false;
};

/// Ends when the acceptor is closed. It and the sessions are owned by what they share: the destructor closes every
/// socket, and with its socket each of them ends.
asio::awaitable<void> http_server::implementation::accept_all()
{
    while (!is_closed) {
        error_code error;
        auto connected = co_await listening.async_accept(into(error));
        if (is_closed)
            co_return;
        if (!error) {
            begin(std::move(connected));
            continue;
        }
        // No descriptor is left, for instance: to ask again at once would turn in a circle.
        pause.expires_after(std::chrono::seconds{1});
        co_await pause.async_wait(into(error));
    }
}

void http_server::implementation::begin(socket connected)
{
    make_room();
    const auto with = clients.emplace_back(std::make_shared<client>(std::move(connected)));
    asio::co_spawn(listening.get_executor(), serve(with), [self = shared_from_this(), with](std::exception_ptr) {
        with->close(); // whatever went wrong (no memory), it is over for this client only
        self->clients.remove(with);
    });
}

void http_server::implementation::make_room()
{
    if (clients.size() < limits.connections)
        return;
    const auto longest = std::ranges::min_element(clients, {}, [](const auto& one) { return one->waited_for_since; });
    (*longest)->close();
    clients.erase(longest);
}

asio::awaitable<void> http_server::implementation::serve(std::shared_ptr<client> with)
{
    const auto self = shared_from_this();
    if (identity)
        co_await serve_securely(*with, identity);
    else
        co_await converse(with->stream, *with);
    co_await say_farewell(*with, limits.farewell);
}

asio::awaitable<void> http_server::implementation::serve_securely(client& with, ssl_context context)
{
    asio::ssl::stream<socket&> stream(with.stream, *context);
    error_code error;
    with.allow(limits.answer);
    co_await stream.async_handshake(asio::ssl::stream_base::server, into(error));
    if (error)
        co_return;
    co_await converse(stream, with);
    with.allow(limits.farewell);
    co_await stream.async_shutdown(into(error));
}

template <class Stream>
asio::awaitable<void> http_server::implementation::converse(Stream& stream, client& with)
{
    beast::flat_buffer buffer(limits.header_bytes + limits.body_bytes + 4096);
    for (int served = 1; !is_closed; ++served) {
        with.waited_for_since = asio::steady_timer::clock_type::now();
        const bool goes_on = co_await exchange(stream, with, buffer, served >= limits.requests);
        if (!goes_on)
            break;
    }
}

/// One request and its answer. True if another may follow.
template <class Stream>
asio::awaitable<bool> http_server::implementation::exchange(Stream& stream, client& with, beast::flat_buffer& buffer,
                                                            bool is_last)
{
    parser request;
    const auto error = co_await read(stream, with, buffer, request);
    if (is_closed)
        co_return false;
    if (error || with.is_late) {
        const auto status = status_of(error, with.is_late, request.got_some() || buffer.size() > 0);
        if (status == 0)
            co_return false;
        auto told = as_message(
            text_answer(status, beast::http::obsolete_reason(static_cast<beast::http::status>(status))), false);
        const bool sent = co_await write(stream, with, std::move(told), false);
        static_cast<void>(sent);
        co_return false;
    }
    const auto& read_request = request.get();
    const auto against = objection(read_request);
    const auto answered = against ? *against : answer(as_question(read_request));
    auto sent = as_message(answered, !is_last && !against && read_request.keep_alive());
    co_return co_await write(stream, with, std::move(sent), read_request.method() == beast::http::verb::head);
}

template <class Stream>
asio::awaitable<error_code> http_server::implementation::read(Stream& stream, client& with, beast::flat_buffer& buffer,
                                                              parser& request)
{
    constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    request.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    request.body_limit(limits.body_bytes);
    error_code error;
    with.allow(limits.header);
    co_await beast::http::async_read_header(stream, buffer, request, into(error));
    if (error || request.is_done())
        co_return error;
    const auto& header = request.get();
    const auto objected = objection(header);
    if (objected)
        co_return error; // no need to wait for the body of what is refused
    with.allow(limits.body);
    if (beast::iequals(header[beast::http::field::expect], "100-continue"))
        co_await asio::async_write(stream, asio::buffer(go_on.data(), go_on.size()), into(error));
    if (!error)
        co_await beast::http::async_read(stream, buffer, request, into(error));
    co_return error;
}

template <class Stream>
asio::awaitable<bool> http_server::implementation::write(Stream& stream, client& with, message answered,
                                                         bool only_header)
{
    error_code error;
    with.allow(limits.answer);
    beast::http::response_serializer<beast::http::string_body> serializer(answered);
    if (only_header)
        co_await beast::http::async_write_header(stream, serializer, into(error));
    else
        co_await beast::http::async_write(stream, serializer, into(error));
    co_return !error && answered.keep_alive();
}

void http_server::implementation::close()
{
    is_closed = true;
    error_code ignored;
    listening.close(ignored);
    pause.cancel();
    for (const auto& one : clients)
        one->close();
    if (where.kind == config::listen_kind::unix_socket)
        ::unlink(where.path.c_str());
}

http_server::http_server(asio::any_io_executor loop, const config::listen_settings& where, answerer answer,
                         const server_limits& within)
    : implementation_(std::make_shared<implementation>(loop, where, std::move(answer), within))
{
    asio::co_spawn(loop, implementation_->accept_all(), [self = implementation_](std::exception_ptr) {});
}

http_server::~http_server()
{
    implementation_->close();
}

std::string http_server::address() const
{
    return implementation_->told_address;
}

std::size_t http_server::connections() const
{
    return implementation_->clients.size();
}

void http_server::renew(const config::listen_settings& where)
{
    implementation_->identity = load_identity(where);
    implementation_->where = where;
}

} // namespace testdome_sync::listener
