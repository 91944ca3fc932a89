#pragma once

#include "connectors/exec/session.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::exec {

/// One program after the other, asked what a daemon would not ask: for the conformance test. What goes wrong is told as
/// a violation. All references must outlive this; one caller, one thread.
class rehearsal {
public:
    rehearsal(program_launcher& programs, sync::clock& clock, const program_settings& program,
              std::chrono::milliseconds timeout)
        : programs_(programs), clock_(clock), program_(program), timeout_(timeout)
    {
    }

    /// Starts a new program in the place of the last one, which is killed, and exchanges hellos.
    boost::asio::awaitable<understood<program_hello>> begin();

    /// The number of the next request to this program.
    std::int64_t next_id() { return ++last_id_; }

    struct answer {
        std::vector<answer_line> before; ///< what came before its end
        answer_line end;                 ///< `done_line` or `failure_line`
    };
    /// Writes a line, whatever it is, and reads the answer to the last `next_id()`.
    boost::asio::awaitable<understood<answer>> ask(request_kind kind, std::string line);

    void send(std::string text) { session_->send(std::move(text)); }
    /// What it writes next; nothing if it writes nothing more in time.
    boost::asio::awaitable<std::optional<std::string>> line();
    /// How it ends by itself within five seconds.
    boost::asio::awaitable<std::optional<ending>> end();
    program& running() { return session_->running(); }

    /// `not_found: "no such application"`
    static std::string text_of(const failure_line& failed);

private:
    boost::asio::awaitable<std::string> what_happened(silence why);

    program_launcher& programs_;
    sync::clock& clock_;
    const program_settings& program_;
    std::chrono::milliseconds timeout_;
    std::unique_ptr<session> session_;
    std::int64_t last_id_ = 0;
    std::string last_error_; ///< the last that it has written to its standard error
};

} // namespace testdome_sync::exec
