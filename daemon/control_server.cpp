#include "daemon/control_server.hpp"

#include "daemon/control_address.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

namespace {

std::optional<uid_t> user_of(stream_protocol::socket& client)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    if (::getsockopt(client.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return std::nullopt;
    return peer.uid;
}

/// One client. Its handlers keep it alive; closing its socket ends it.
class conversation : public std::enable_shared_from_this<conversation> {
public:
    conversation(stream_protocol::socket client, const control_limits& limits)
        : client_(std::move(client)), limit_(client_.get_executor()), bytes_(limits.line_bytes)
    {
        limit_.expires_after(limits.conversation);
    }

    void listen(control_server::answerer answer)
    {
        end_in_time();
        asio::async_read_until(client_, asio::dynamic_buffer(line_, bytes_), '\n',
                               [self = shared_from_this(), answer = std::move(answer)](
                                   const error_code& error, std::size_t size) { self->reply(error, size, answer); });
    }

    /// What it may have sent is not read.
    void refuse(std::string_view why)
    {
        end_in_time();
        write(control_error(why));
    }

    void close()
    {
        error_code ignored;
        client_.close(ignored);
        limit_.cancel();
    }

    bool is_open() const { return client_.is_open(); }

private:
    void end_in_time()
    {
        limit_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error)
                self->close();
        });
    }

    void reply(const error_code& error, std::size_t size, const control_server::answerer& answer)
    {
        if (error == asio::error::not_found) // the buffer is full
            write(control_error("a command is one line of at most " + std::to_string(bytes_) + " bytes"));
        else if (error)
            close();
        else if (const auto user = user_of(client_))
            write(answer(std::string_view(line_).substr(0, size - 1), *user));
        else
            close();
    }

    void write(std::string text)
    {
        answer_ = std::move(text) + '\n';
        asio::async_write(client_, asio::buffer(answer_),
                          [self = shared_from_this()](const error_code&, std::size_t) { self->close(); });
    }

    stream_protocol::socket client_;
    asio::steady_timer limit_;
    std::size_t bytes_;
    std::string line_;
    std::string answer_;
};

stream_protocol::acceptor listening_at(const asio::any_io_executor& loop, const std::string& path)
{
    const control_address address(path);
    stream_protocol::acceptor made(loop, stream_protocol());
    ::unlink(path.c_str());
    made.bind(address.endpoint());
    // Nobody can connect before it listens.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
        throw boost::system::system_error(errno, boost::system::system_category(), "chmod");
    made.listen();
    made.non_blocking(true);
    return made;
}

} // namespace

struct control_server::listener : std::enable_shared_from_this<listener> {
    listener(const asio::any_io_executor& loop, std::string at, answerer with, control_limits within)
        : path(std::move(at)), answer(std::move(with)), limits(within), acceptor(listening_at(loop, path)), pause(loop)
    {
    }

    void accept()
    {
        acceptor.async_accept([self = shared_from_this()](const error_code& error, stream_protocol::socket client) {
            if (!self->acceptor.is_open())
                return;
            if (error)
                return self->accept_later();
            self->begin(std::move(client));
            self->accept();
        });
    }

    /// No descriptor is left, for instance: to ask again at once would turn in a circle.
    void accept_later()
    {
        pause.expires_after(std::chrono::seconds{1});
        pause.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error)
                self->accept();
        });
    }

    void begin(stream_protocol::socket client)
    {
        std::erase_if(clients, [](const auto& one) { return one.expired() || !one.lock()->is_open(); });
        const auto user = user_of(client);
        const auto served = std::make_shared<conversation>(std::move(client), limits);
        if (clients.size() >= 2 * limits.clients)
            return served->close(); // not even a refusal
        clients.push_back(served);
        if (!user || (*user != 0 && *user != limits.user))
            served->refuse("only root and the user of the service may give commands; use sudo");
        else if (clients.size() > limits.clients)
            served->refuse("too many commands at once; try again");
        else
            served->listen(answer);
    }

    void close()
    {
        error_code ignored;
        acceptor.close(ignored);
        pause.cancel();
        for (const auto& one : clients)
            if (const auto open = one.lock())
                open->close();
        ::unlink(path.c_str());
    }

    std::string path;
    answerer answer;
    control_limits limits;
    stream_protocol::acceptor acceptor;
    asio::steady_timer pause;
    std::vector<std::weak_ptr<conversation>> clients;
};

control_server::control_server(asio::any_io_executor loop, std::string path, answerer answer,
                               const control_limits& limits)
    : listener_(std::make_shared<listener>(loop, std::move(path), std::move(answer), limits))
{
    listener_->accept();
}

control_server::~control_server()
{
    listener_->close();
}

std::string control_error(std::string_view why)
{
    return boost::json::serialize(boost::json::object{{"error", why}});
}

} // namespace testdome_sync::daemon
