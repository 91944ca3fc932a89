#pragma once

#include "config/listen.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <string>

namespace testdome_sync::listener {

/// TCP or a Unix socket: the same for whoever accepts.
using acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// Binds and listens. A Unix socket that nobody listens at any more is replaced, and nothing else is; owner and group
/// may connect (mode 0660). Throws boost::system::system_error.
acceptor listen_at(const boost::asio::any_io_executor& loop, const config::listen_settings& where);

/// Where it really listens, with the port that was found for 0.
std::string address_of(const acceptor& listening, const config::listen_settings& where);

} // namespace testdome_sync::listener
