#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <thread>

namespace testdome_sync::testing {

/// Stands between a client and a server on this machine, one connection after the other, and breaks one of them off
/// when the client has said a certain word.
class breaking_proxy {
public:
    /// When the connection breaks: before the server has heard the word, or after it has answered (nobody hears that).
    enum class moment { before_the_server_hears, after_the_server_has_answered };

    breaking_proxy(unsigned short server, std::string word, moment when);
    ~breaking_proxy();
    breaking_proxy(const breaking_proxy&) = delete;
    breaking_proxy& operator=(const breaking_proxy&) = delete;

    unsigned short port() const { return port_; }

private:
    void serve();
    void pass_on(boost::asio::ip::tcp::socket& client, boost::asio::ip::tcp::socket& server);

    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
    unsigned short server_;
    std::string word_;
    moment when_;
    unsigned short port_ = 0;
    int stop_[2] = {-1, -1}; ///< a pipe that ends the waiting
    std::thread thread_;
};

} // namespace testdome_sync::testing
