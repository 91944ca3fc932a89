#pragma once

#include "tests/support/simulated_process.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace testdome_sync::testing {

/// The program with one mistake in it. The checkers must find each of them, or they prove nothing.
struct broken_variant {
    std::string name;
    std::function<std::unique_ptr<sync::ledger>(std::unique_ptr<sync::ledger>)> before_ledger{};
    decltype(process_parts::before_platform) before_platform{};
    decltype(process_parts::before_connector) before_connector{};
    std::function<void(config::settings&)> before_start{};
    bool disk_lies = false; ///< what was synced is not on the disk
};

const std::vector<broken_variant>& broken_variants();

} // namespace testdome_sync::testing
