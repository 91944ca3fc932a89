#pragma once

#include "sync/ledger.hpp"
#include "tests/storm/installation.hpp"
#include "tests/storm/people.hpp"

#include <string>
#include <vector>

namespace testdome_sync::testing {

/// What both simulated servers' books and the ledger say at the end of a life.
struct accounts {
    const people& everybody;
    const installation& setup;
    sandbox::testdome_world& testdome;
    const sandbox::greenhouse_world& greenhouse;
    sync::ledger& ledger;
    sync::wall_time now;  ///< the world's
    bool clock_was_wrong; ///< on the machine, so that its days were not everybody's
};

/// Every promise that was broken; empty if none was. Knows the API's facts and the promises, and nothing of how the
/// program keeps them.
std::vector<std::string> audit(const accounts& books);

} // namespace testdome_sync::testing
