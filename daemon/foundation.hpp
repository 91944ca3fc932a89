#pragma once

#include "connectors/exec/program.hpp"
#include "daemon/real_clock.hpp"
#include "sync/ledger.hpp"
#include "sync/parts.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <utility>

namespace testdome_sync::daemon {

/// What lasts as long as the process, whatever configuration is in force. One thread.
struct foundation {
    /// `of` may be opened for writing, reading, or as a copy; see the command.
    explicit foundation(std::unique_ptr<sync::ledger> of) : ledger(std::move(of)) {}

    /// Of a ledger that is shared with other machines; null: all the work is ours.
    std::unique_ptr<sync::own_parts> parts{};
    boost::asio::io_context context{1};
    real_clock clock{};
    real_random random{};
    std::unique_ptr<sync::ledger> ledger;
    std::unique_ptr<exec::program_launcher> programs{}; ///< made when a connector first asks for it
};

} // namespace testdome_sync::daemon
