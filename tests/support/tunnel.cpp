#include "tests/support/tunnel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <mutex>
#include <thread>

namespace testdome_sync::testing {
namespace asio = boost::asio;
using asio::ip::tcp;

struct tunnel::implementation {
    explicit implementation(std::uint16_t to)
        : target(to), acceptor(context, {asio::ip::address_v4::loopback(), 0}), client(context), server(context)
    {
        asio::co_spawn(context, serve(), asio::detached);
        thread = std::thread([this] { context.run(); });
    }

    ~implementation()
    {
        context.stop();
        thread.join();
    }

    asio::awaitable<void> serve()
    {
        client = co_await acceptor.async_accept(asio::use_awaitable);
        std::string text;
        const auto size =
            co_await asio::async_read_until(client, asio::dynamic_buffer(text), "\r\n\r\n", asio::use_awaitable);
        {
            const std::scoped_lock lock(mutex);
            asked = text.substr(0, size);
        }
        const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), target);
        co_await server.async_connect(endpoint, asio::use_awaitable);
        const std::string opened = "HTTP/1.1 200 Connection established\r\n\r\n";
        co_await asio::async_write(client, asio::buffer(opened), asio::use_awaitable);
        asio::co_spawn(context, carry(client, server), asio::detached);
        co_await carry(server, client);
    }

    static asio::awaitable<void> carry(tcp::socket& from, tcp::socket& to)
    {
        std::array<char, 16384> bytes{};
        boost::system::error_code error;
        while (!error) {
            const auto size =
                co_await from.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
            if (!error)
                co_await asio::async_write(to, asio::buffer(bytes, size),
                                           asio::redirect_error(asio::use_awaitable, error));
        }
        to.shutdown(tcp::socket::shutdown_send, error);
    }

    std::uint16_t target;
    asio::io_context context{1};
    tcp::acceptor acceptor;
    tcp::socket client;
    tcp::socket server;
    mutable std::mutex mutex;
    std::string asked;
    std::thread thread;
};

tunnel::tunnel(std::uint16_t target) : implementation_(std::make_unique<implementation>(target)) {}
tunnel::~tunnel() = default;

std::uint16_t tunnel::port() const
{
    return implementation_->acceptor.local_endpoint().port();
}

std::string tunnel::request() const
{
    const std::scoped_lock lock(implementation_->mutex);
    return implementation_->asked;
}

} // namespace testdome_sync::testing
