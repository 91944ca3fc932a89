#pragma once

#include "connectors/exec/program.hpp"
#include "sync/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <string>

namespace testdome_sync::exec {

struct conformance_options {
    program_settings program;
    std::chrono::milliseconds timeout{10'000}; ///< of each answer
    bool writes = false;                       ///< whether actions are carried out, for a made-up application
};

enum class conformance { ok, failed, skipped };

/// What one part of the test came to.
struct conformance_result {
    std::string what; ///< what must hold: "answers a poll"
    conformance outcome = conformance::ok;
    std::string explanation; ///< why not, or what was seen; may be empty
};

/// Takes a program through docs/exec-protocol.md, and reports each part as soon as it is known. Ends early if not even
/// a hello can be had. Nothing is written unless `writes` says so, and then for an application whose id is
/// `testdome-sync-conformance-test`. All references must outlive the call. True if nothing has failed.
boost::asio::awaitable<bool> test_conformance(program_launcher& programs, sync::clock& clock,
                                              conformance_options options,
                                              std::function<void(const conformance_result&)> report);

} // namespace testdome_sync::exec
