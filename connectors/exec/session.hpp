#pragma once

#include "connectors/exec/lines.hpp"
#include "connectors/exec/program.hpp"
#include "connectors/exec/protocol.hpp"
#include "sync/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace testdome_sync::exec {

/// Why no line came.
enum class silence {
    ended,     ///< its output is closed
    half_line, ///< the same, in the middle of a line
    time_is_up,
    line_too_long,
    answer_too_long,
    stopped, ///< we were canceled
};

/// One running program as a pair of line streams. One caller at a time; one thread.
class session {
public:
    /// `clock` must outlive this.
    session(std::unique_ptr<program> running, sync::clock& clock) : program_(std::move(running)), clock_(clock) {}

    /// Writes a line, which ends with its newline; returns at once. The limit of an answer counts from here.
    void send(std::string line);
    /// Whether the line may have been understood: all of it has been written but perhaps its newline.
    bool was_sent() const { return program_->unwritten() <= 1; }

    /// The next line that it writes. Valid until the next call. Cancellation: any; `silence::stopped`. Never throws.
    boost::asio::awaitable<boost::system::result<std::string_view, silence>> next_line(sync::monotonic_time deadline);

    /// Whether it has written something that nobody has read yet.
    bool has_spoken();
    /// Whether it can be asked something; as far as is known, for it may end at any moment.
    bool is_usable() const { return !at_end_ && program_->listens(); }

    /// How it has ended; nothing if it has closed its output and lives on (it is given a second).
    boost::asio::awaitable<std::optional<ending>> how_it_ended();

    program& running() { return *program_; }

private:
    std::unique_ptr<program> program_;
    sync::clock& clock_;
    lines lines_{line_limit_bytes};
    std::size_t answered_bytes_ = 0;
    bool at_end_ = false;
};
[[noreturn]] void throw_exception_from_error(silence why, const boost::source_location& where);

/// "its answer is longer than 64 MiB"
std::string to_text(silence why, std::chrono::milliseconds limit);

} // namespace testdome_sync::exec
