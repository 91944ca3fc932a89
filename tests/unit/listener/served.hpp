#pragma once

#include "daemon/listener/http_server.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include <sys/socket.h>

#include <memory>
#include <string>
#include <thread>

namespace testdome_sync::listener {

/// A client that says what it wants and hears what comes, for at most half a minute.
class caller {
public:
    explicit caller(const boost::asio::generic::stream_protocol::endpoint& to) : socket_(context_)
    {
        socket_.connect(to);
        const timeval patience{30, 0};
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    }

    /// What can't be sent any more, as the other side is gone, is not.
    void say(const std::string& text)
    {
        boost::system::error_code ignored;
        boost::asio::write(socket_, boost::asio::buffer(text), ignored);
    }

    /// Until the other side closes, or `wanted` has come.
    std::string hear(const std::string& wanted = {})
    {
        std::string heard;
        char part[4096];
        while (wanted.empty() || heard.find(wanted) == std::string::npos) {
            const auto size = ::recv(socket_.native_handle(), part, sizeof part, 0);
            if (size < 0 && errno == EAGAIN)
                BOOST_FAIL("nothing comes, and nobody closes the connection");
            if (size <= 0)
                break;
            heard.append(part, static_cast<std::size_t>(size));
        }
        return heard;
    }

    auto& socket() { return socket_; }

private:
    boost::asio::io_context context_;
    boost::asio::generic::stream_protocol::socket socket_;
};

/// A server that tells what it was asked, on a loop with a thread of its own.
class served {
public:
    explicit served(const config::listen_settings& at = loopback(), const server_limits& within = {})
    {
        on_loop([&] {
            server_ = std::make_unique<http_server>(
                loop_.get_executor(), at,
                [this](const question& asked) {
                    return text_answer(200, asked.method + ' ' + asked.path + ' ' + std::to_string(asked.body.size()) +
                                                std::string(padding, '.'));
                },
                within);
        });
    }
    ~served() { stop(); }
    served(const served&) = delete;
    served& operator=(const served&) = delete;

    void stop()
    {
        on_loop([this] { server_.reset(); });
    }

    template <class Work>
    void on_loop(Work work)
    {
        boost::asio::dispatch(loop_, boost::asio::use_future(std::move(work))).get();
    }

    http_server& server() { return *server_; }

    boost::asio::generic::stream_protocol::endpoint endpoint()
    {
        std::string address;
        on_loop([&] { address = server_->address(); });
        if (address.starts_with("unix:"))
            return boost::asio::local::stream_protocol::endpoint(address.substr(5));
        const auto colon = address.rfind(':');
        auto host = address.substr(0, colon);
        if (host.starts_with('['))
            host = host.substr(1, host.size() - 2);
        return boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address(host),
                                              static_cast<std::uint16_t>(std::stoi(address.substr(colon + 1))));
    }

    /// Everything that comes until the connection is closed.
    std::string answer_to(const std::string& text)
    {
        caller one(endpoint());
        one.say(text);
        return one.hear();
    }

    static config::listen_settings loopback()
    {
        config::listen_settings made;
        made.kind = config::listen_kind::tcp;
        made.host = "127.0.0.1";
        return made;
    }

    std::size_t padding = 0; ///< of the answer

private:
    /// Ends when nothing is left to do, also if there was never a server.
    struct running {
        explicit running(boost::asio::io_context& loop) : guard(loop.get_executor()), thread([&loop] { loop.run(); }) {}
        ~running()
        {
            guard.reset();
            thread.join();
        }
        running(const running&) = delete;
        running& operator=(const running&) = delete;
        boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
        std::thread thread;
    };
    boost::asio::io_context loop_{1};
    std::unique_ptr<http_server> server_;
    running running_{loop_};
};

} // namespace testdome_sync::listener
