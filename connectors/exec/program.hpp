#pragma once

#include "config/secret.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::exec {

/// How a program is started. It gets nothing but this: no other environment, no open file, no signal blocked or
/// ignored.
struct program_settings {
    std::vector<std::string> command;        ///< the program as an absolute path, then its arguments
    std::vector<config::secret> environment; ///< all of it, each `NAME=value`
    std::string working_directory = "/";
    /// How much each process of it may have for its data (setrlimit(2), RLIMIT_DATA); nothing: no limit of its own.
    std::optional<std::uint64_t> memory_bytes;
};

/// How a program has ended.
struct ending {
    int status = 0;    ///< its exit status
    int by_signal = 0; ///< the signal that ended it; 0: none
};
/// "it ended with status 3", "it was ended by signal 9 (Killed)"
std::string to_text(const ending& ended);

/// What a program has written.
struct output {
    std::string bytes;
    bool at_end = false; ///< its standard output is closed, or there is nobody any more who could write to it
};

/// One running program: its standard input and output. One thread.
///
/// The destructor ends it at once, with everything that it has started; only who has been told to `rest()` and is
/// ending by himself gets the time to do so.
class program {
public:
    virtual ~program() = default;

    /// Writes behind what is not yet written; returns at once. Nothing happens if the program no longer reads.
    virtual void write(std::string text) = 0;
    /// Bytes that the system has not taken from us yet.
    virtual std::size_t unwritten() const = 0;

    /// Waits for output. Cancellation: any; gives no bytes, and not the end. Never throws.
    virtual boost::asio::awaitable<output> read() = 0;
    /// What is there already, without waiting.
    virtual output read_available() = 0;

    /// Nothing will be asked of it for now: after `idle` its input is closed; if that does not end it, it is sent
    /// SIGTERM five seconds later, and killed five seconds after that. `write()` in time lets it go on; with an `idle`
    /// of 0 there is no such time.
    virtual void rest(std::chrono::milliseconds idle) = 0;
    /// Whether it can be asked something: it is alive and its input is open.
    virtual bool listens() const = 0;

    /// Closes its input; it may still answer.
    virtual void close_input() = 0;
    /// Ends it now (SIGKILL), with everything that it has started.
    virtual void kill() = 0;

    /// Waits until it has ended. Cancellation: any; gives nothing. Never throws.
    virtual boost::asio::awaitable<std::optional<ending>> wait_until_ended() = 0;
};

/// Starts programs. Implemented with the system's processes by `create_program_launcher`; in tests by scripts.
class program_launcher {
public:
    virtual ~program_launcher() = default;

    /// Starts a program; returns once it is running. `on_error_output` is called with what it writes to its standard
    /// error, for as long as the program object lives.
    /// Failures: `not_sent`, with what stood in the way. Cancellation: any; `not_sent`. Never throws.
    virtual boost::asio::awaitable<sync::result<std::unique_ptr<program>>>
    start(const program_settings& settings, std::function<void(std::string_view)> on_error_output) = 0;
};

} // namespace testdome_sync::exec
