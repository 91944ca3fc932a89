#pragma once

#include "connectors/exec/program.hpp"

#include <string>
#include <utility>

#include <sys/types.h>

namespace testdome_sync::exec {

/// Closes a file descriptor when it is no longer owned.
class descriptor {
public:
    descriptor() = default;
    explicit descriptor(int owned) : number_(owned) {}
    descriptor(descriptor&& other) noexcept : number_(other.release()) {}
    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~descriptor();

    int get() const { return number_; }
    int release() { return std::exchange(number_, -1); }

private:
    int number_ = -1;
};

/// Where a new process failed before it became the program.
enum class start_step { session, parent, memory, directory, streams, program };

/// What a new process reports if it can't become the program; it reports nothing if it can.
struct start_report {
    start_step step;
    int error; ///< errno
};
/// "there is no program /usr/lib/x (No such file or directory)"
std::string to_text(const start_report& report, const program_settings& settings);

/// A process that has begun, and our ends of its pipes; none of them is inherited by anybody, and none blocks.
struct child {
    pid_t pid = -1;
    descriptor process; ///< a pidfd: readable when it has ended
    descriptor input;
    descriptor output;
    descriptor errors;
    descriptor report; ///< a `start_report`, or its end without one
};

/// Begins a process that becomes the program, as leader of a session of its own, which dies with this thread.
/// Throws boost::system::system_error if the system has no room for it.
child begin(const program_settings& settings);

} // namespace testdome_sync::exec
