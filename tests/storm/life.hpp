#pragma once

#include "tests/storm/broken_variants.hpp"
#include "tests/storm/chronicle.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// What one seed has led to.
struct life_outcome {
    std::vector<std::string> complaints; ///< promises that were broken; empty: all is well
    disturbance_counts disturbances{};
    std::map<edge, disturbance_counts> transitions;
    std::chrono::seconds lived{}; ///< virtual time
    long requests = 0;
};

/// One installation, a hundred applicants, thirty stormy hours and forty calm ones: everything that the seed decides.
/// @param mistake null: the program as it is
/// @param trace   if not null, gets a line for each thing that happened
life_outcome live(std::uint64_t seed, const broken_variant* mistake = nullptr,
                  std::vector<std::string>* trace = nullptr);

} // namespace testdome_sync::testing
