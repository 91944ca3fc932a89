#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>

namespace testdome_sync::daemon {

struct control_limits {
    std::size_t line_bytes = 65536;
    std::chrono::milliseconds conversation{5000}; ///< from the connection to the last byte of the answer
    std::size_t clients = 16;                     ///< at once; more are told to try again
    uid_t user = ::geteuid();                     ///< who is served besides root
};

/// Takes commands from other processes of this machine over a Unix socket: one line in, one line out, then the
/// connection is closed. Root and the daemon's own user are served (SO_PEERCRED), others are told that they are not.
/// Nothing that a client does or leaves undone holds up the loop: what it may send, for how long, and how many there
/// may be at once is limited. One thread.
class control_server {
public:
    /// The answer to a line, both without their line ends, for who runs as this user. Must not throw or wait.
    using answerer = std::function<std::string(std::string_view line, uid_t user)>;

    /// Listens at `path`, where a socket that another process has left behind is replaced: so whoever makes this holds
    /// the ledger's lock. Only the owner may connect (mode 0600), and root. Throws boost::system::system_error.
    control_server(boost::asio::any_io_executor loop, std::string path, answerer answer,
                   const control_limits& limits = {});
    /// Ends all conversations and removes the socket.
    ~control_server();
    control_server(const control_server&) = delete;
    control_server& operator=(const control_server&) = delete;

private:
    struct listener;
    std::shared_ptr<listener> listener_;
};

/// A line that says why there is no answer: `{"error": …}`.
std::string control_error(std::string_view why);

} // namespace testdome_sync::daemon
