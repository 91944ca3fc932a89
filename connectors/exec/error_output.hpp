#pragma once

#include "connectors/exec/masking.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"

#include <string>
#include <string_view>

namespace testdome_sync::exec {

/// Tells what a program writes to its standard error as events `program.output`, a line each: masked, cut, and at most
/// twenty in a minute; how many were left out is told, too.
class error_output {
public:
    error_output(std::string mapping, const masking& shown, sync::clock& clock, sync::event_sink& events)
        : mapping_(std::move(mapping)), shown_(shown), clock_(clock), events_(events)
    {
    }

    void take(std::string_view bytes);
    /// The program has ended; what it has written last may have no newline.
    void end();

private:
    void tell_line();
    void tell(const std::string& text);

    std::string mapping_;
    const masking& shown_;
    sync::clock& clock_;
    sync::event_sink& events_;
    std::string line_;
    sync::monotonic_time minute_began_{};
    int told_ = 0;
    int left_out_ = 0;
};

} // namespace testdome_sync::exec
