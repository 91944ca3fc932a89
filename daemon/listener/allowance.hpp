#pragma once

#include "sync/clock.hpp"

#include <algorithm>

namespace testdome_sync::listener {

/// So many at once, and then one each `every`: a token bucket.
class allowance {
public:
    allowance(int at_once, std::chrono::milliseconds every) : window_(every * at_once), every_(every) {}

    /// True, and one is used up; false if none is left.
    bool take(sync::monotonic_time now)
    {
        const auto next = std::max(used_until_, now) + every_;
        if (next > now + window_)
            return false;
        used_until_ = next;
        return true;
    }

private:
    std::chrono::milliseconds window_;
    std::chrono::milliseconds every_;
    sync::monotonic_time used_until_{};
};

} // namespace testdome_sync::listener
