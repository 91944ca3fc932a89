#include "tests/databases/proxy.hpp"

#include <boost/asio/write.hpp>

#include <array>
#include <stdexcept>

#include <poll.h>
#include <unistd.h>

namespace testdome_sync::testing {
namespace asio = boost::asio;
using asio::ip::tcp;

breaking_proxy::breaking_proxy(unsigned short server, std::string word, moment when)
    : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}), server_(server), word_(std::move(word)), when_(when),
      port_(acceptor_.local_endpoint().port())
{
    if (::pipe(stop_) != 0)
        throw std::runtime_error("no pipe");
    thread_ = std::thread([this] { serve(); });
}

breaking_proxy::~breaking_proxy()
{
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
}

void breaking_proxy::serve()
{
    for (;;) {
        std::array<pollfd, 2> wait{{{acceptor_.native_handle(), POLLIN, 0}, {stop_[0], POLLIN, 0}}};
        ::poll(wait.data(), wait.size(), -1);
        if (wait[1].revents != 0)
            return;
        boost::system::error_code error;
        tcp::socket client(context_), server(context_);
        acceptor_.accept(client, error);
        if (!error)
            server.connect({asio::ip::address_v4::loopback(), server_}, error);
        if (!error)
            pass_on(client, server);
    }
}

/// Whole messages are small enough here to arrive in one piece.
void breaking_proxy::pass_on(tcp::socket& client, tcp::socket& server)
{
    std::array<char, 65536> buffer{};
    for (;;) {
        std::array<pollfd, 3> wait{
            {{client.native_handle(), POLLIN, 0}, {server.native_handle(), POLLIN, 0}, {stop_[0], POLLIN, 0}}};
        ::poll(wait.data(), wait.size(), -1);
        if (wait[2].revents != 0)
            return;
        const bool from_client = wait[0].revents != 0;
        boost::system::error_code error;
        const auto size = (from_client ? client : server).read_some(asio::buffer(buffer), error);
        if (error)
            return;
        const bool said = from_client && !word_.empty() &&
                          std::string_view(buffer.data(), size).find(word_) != std::string_view::npos;
        if (said && when_ == moment::before_the_server_hears) {
            word_.clear(); // once is enough
            return;
        }
        asio::write(from_client ? server : client, asio::buffer(buffer.data(), size), error);
        if (error)
            return;
        if (said) {
            word_.clear();
            server.read_some(asio::buffer(buffer), error);
            return;
        }
    }
}

} // namespace testdome_sync::testing
