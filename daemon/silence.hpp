#pragma once

#include "sync/events.hpp"

namespace testdome_sync::daemon {

/// For commands whose output is what they print: nothing is logged.
class silence final : public sync::event_sink {
public:
    void write(const sync::event&) override {}
};

} // namespace testdome_sync::daemon
