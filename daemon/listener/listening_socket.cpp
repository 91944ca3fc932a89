#include "daemon/listener/listening_socket.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <boost/asio/io_context.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace testdome_sync::listener {
namespace asio = boost::asio;
namespace {

/// Bound by whoever has crashed before: a socket file outlives its process.
void remove_stale(const std::string& path)
{
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode))
        return; // what else stands there is not ours; to bind will fail and tell
    asio::io_context nobody;
    asio::local::stream_protocol::socket probe(nobody);
    probe.open();
    probe.non_blocking(true);
    boost::system::error_code error;
    probe.connect(asio::local::stream_protocol::endpoint(path), error);
    if (error == asio::error::connection_refused)
        ::unlink(path.c_str());
}

acceptor listen_at_path(const asio::any_io_executor& loop, const std::string& path)
{
    remove_stale(path);
    acceptor made(loop, asio::generic::stream_protocol(asio::local::stream_protocol{}));
    made.bind(asio::local::stream_protocol::endpoint(path));
    // Nobody can connect before it listens.
    if (::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
        throw boost::system::system_error(errno, boost::system::system_category(), "chmod");
    return made;
}

acceptor listen_at_port(const asio::any_io_executor& loop, const config::listen_settings& where)
{
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(where.host), where.port);
    acceptor made(loop, asio::generic::stream_protocol(endpoint.protocol()));
    made.set_option(asio::socket_base::reuse_address(true));
    if (endpoint.address().is_v6())
        made.set_option(asio::ip::v6_only(true));
    made.bind(endpoint);
    return made;
}

} // namespace

acceptor listen_at(const asio::any_io_executor& loop, const config::listen_settings& where)
{
    auto made =
        where.kind == config::listen_kind::unix_socket ? listen_at_path(loop, where.path) : listen_at_port(loop, where);
    made.listen();
    made.non_blocking(true);
    return made;
}

std::string address_of(const acceptor& listening, const config::listen_settings& where)
{
    if (where.kind != config::listen_kind::tcp)
        return where.address();
    const auto bound = listening.local_endpoint();
    asio::ip::tcp::endpoint known;
    known.resize(bound.size());
    std::copy_n(static_cast<const char*>(static_cast<const void*>(bound.data())), bound.size(),
                static_cast<char*>(static_cast<void*>(known.data())));
    auto told = where;
    told.port = known.port();
    return told.address();
}

} // namespace testdome_sync::listener
