#pragma once

#include <boost/asio/local/stream_protocol.hpp>

#include <string>

namespace testdome_sync::daemon {

/// Where the daemon with this ledger takes people's commands: `control.sock` in systemd's `$RUNTIME_DIRECTORY`, else
/// `LEDGER.sock`. An absolute path, as who reads it in the lock file may stand elsewhere.
std::string control_socket_path(const std::string& ledger_path);

/// The address of a socket of that path, for `bind` or `connect` during this object's life. An address has room for 107
/// bytes only (unix(7)): a longer path is reached through its folder's descriptor. Throws boost::system::system_error
/// if there is no such folder.
class control_address {
public:
    explicit control_address(const std::string& path);
    ~control_address();
    control_address(const control_address&) = delete;
    control_address& operator=(const control_address&) = delete;

    const boost::asio::local::stream_protocol::endpoint& endpoint() const { return endpoint_; }

private:
    int folder_ = -1;
    boost::asio::local::stream_protocol::endpoint endpoint_;
};

} // namespace testdome_sync::daemon
