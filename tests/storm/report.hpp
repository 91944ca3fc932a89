#pragma once

#include "tests/storm/life.hpp"

#include <boost/json/value.hpp>

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// Many lives, summed up.
struct report {
    std::int64_t lives = 0;
    std::int64_t requests = 0;
    std::chrono::seconds lived{};
    disturbance_counts disturbances{};
    std::map<edge, disturbance_counts> transitions;
    std::map<std::uint64_t, std::vector<std::string>> failures; ///< by seed

    void add(std::uint64_t seed, const life_outcome& outcome);
    void add(const report& other);
    /// Edges × kinds that no life has gone through.
    int uncovered() const;
};

/// For the pipe between two processes.
boost::json::value to_json(const report& made);
report report_from(const boost::json::value& value);

void print(std::ostream& out, const report& made, double seconds);

} // namespace testdome_sync::testing
