#pragma once

#include "tests/support/simulated_network.hpp"

#include <array>
#include <cstddef>
#include <string_view>

namespace testdome_sync::testing {

/// Everything that goes wrong, or changes, around the program: the network's faults first, in their order.
enum class disturbance {
    refused,
    tls_broken,
    lost_request,
    lost_answer,
    late_effect,
    no_answer,
    half_an_answer,
    slow,
    delivered_twice,
    server_error,
    html,
    too_many,
    unauthorized,
    token_revoked,
    killed,
    power_lost,
    taken_over, ///< a second process on the same ledger
    disk_full,
    disk_error,
    ledger_locked,
    clock_set,
    suspended,
    reconfigured, ///< stopped, and started with another mapping file
};
inline constexpr std::size_t disturbance_count = static_cast<std::size_t>(disturbance::reconfigured) + 1;

constexpr disturbance disturbance_of(fault what)
{
    return static_cast<disturbance>(static_cast<int>(what) - 1);
}

constexpr std::string_view to_text(disturbance what)
{
    constexpr std::array<std::string_view, disturbance_count> names{
        "refused", "tls",    "reset<", "reset>", "late", "silence", "half", "slow", "twice", "503",   "html",  "429",
        "401",     "revoke", "kill",   "power",  "2nd",  "full",    "EIO",  "lock", "clock", "sleep", "config"};
    return names[static_cast<std::size_t>(what)];
}

} // namespace testdome_sync::testing
