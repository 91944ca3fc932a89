#include "daemon/control_client.hpp"

#include "daemon/control_address.hpp"

#include <boost/asio/local/stream_protocol.hpp>

#include <istream>
#include <stdexcept>

namespace testdome_sync::daemon {

std::string ask_daemon(const std::string& socket_path, const std::string& line, std::chrono::milliseconds limit)
{
    const auto fail = [&](const boost::system::error_code& error) {
        throw std::runtime_error("the daemon does not answer at " + socket_path +
                                 (error ? ": " + error.message() : "") +
                                 (error == boost::system::errc::permission_denied
                                      ? "; only root and the user of the service may give commands, use sudo"
                                      : "; try again, and see its log"));
    };
    try {
        const control_address address(socket_path);
        boost::asio::local::stream_protocol::iostream stream;
        stream.expires_after(limit);
        stream.connect(address.endpoint());
        stream << line << '\n' << std::flush;
        // Who is refused may be told so before everything was sent.
        std::string answer;
        const auto sending = stream.error();
        stream.clear();
        if (!std::getline(stream, answer) || stream.eof())
            fail(sending ? sending : stream.error());
        return answer;
    } catch (const boost::system::system_error& error) {
        fail(error.code());
        throw;
    }
}

} // namespace testdome_sync::daemon
