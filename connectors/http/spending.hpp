#pragma once

#include "sync/clock.hpp"

#include <chrono>
#include <deque>

namespace testdome_sync::http {

/// What was spent in the last so many seconds, against a limit that holds for any period of that length: whenever the
/// service's own window begins, no more than the limit falls into it.
class spending {
public:
    /// A limit of 0 is none.
    spending(double limit, std::chrono::seconds window) : limit_(limit), window_(window) {}

    /// How long until `cost` may be spent. A cost above the limit waits for an empty window.
    std::chrono::nanoseconds wait_for(double cost, sync::monotonic_time now);
    void spend(double cost, sync::monotonic_time now);
    void narrow(double limit, std::chrono::seconds window);

private:
    void forget(sync::monotonic_time now);

    struct entry {
        sync::monotonic_time at; ///< of the last that was spent in it: a long window is counted in parts
        double cost;
    };
    double limit_;
    std::chrono::seconds window_;
    std::deque<entry> spent_;      ///< oldest first; at most a few hundred
    sync::monotonic_time began_{}; ///< when the last part of the window did
    double sum_ = 0;
};

} // namespace testdome_sync::http
