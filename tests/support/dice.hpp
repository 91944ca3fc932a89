#pragma once

#include "tests/support/virtual_time.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace testdome_sync::testing {

/// Everything that a seed decides is decided by these.
class dice {
public:
    explicit dice(std::uint64_t seed) : random_(seed) {}

    double uniform() { return random_.uniform(); } ///< in [0, 1)
    bool chance(double probability) { return uniform() < probability; }
    int below(int limit) { return static_cast<int>(uniform() * limit); }
    int between(int least, int most) { return least + below(most - least + 1); }
    std::chrono::seconds between(std::chrono::seconds least, std::chrono::seconds most)
    {
        const auto range = static_cast<double>((most - least).count());
        return least + std::chrono::seconds{static_cast<std::int64_t>(uniform() * range)};
    }
    template <class Choices>
    auto& one_of(Choices& choices)
    {
        return choices[static_cast<std::size_t>(uniform() * static_cast<double>(std::size(choices)))];
    }
    /// Dice of their own for one part, so that what another part throws doesn't change them.
    dice split() { return dice(static_cast<std::uint64_t>(uniform() * 0x1.0p52)); }

private:
    seeded_random random_;
};

} // namespace testdome_sync::testing
