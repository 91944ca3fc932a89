#pragma once

#include "config/settings.hpp"
#include "sync/clock.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Which process works, or has worked, with a ledger that several machines share.
struct ledger_holder {
    std::string name; ///< "host (process 4711)"
    wall_time since{};
    bool is_present = false; ///< its lease lasts
};

/// What a person at any machine asks the holder to do; the text is the daemon's own.
struct holder_request {
    std::int64_t id = 0;
    std::string text;
};

/// How long a holder may be silent before another process takes its place, by the database's clock.
constexpr std::chrono::seconds ledger_lease{10};
constexpr std::chrono::seconds ledger_lease_renewal{3};

/// What a ledger can that several machines share. Opened to write, it is held by one process at a time: for as long as
/// its lease lasts, which each unit of work and `renew()` prolong. Each holder has a number of its own, one more than
/// the last one's; a unit of work begins only under the present number, and keeps anybody from taking the next one
/// until it is committed. So who was thought dead and wakes up commits nothing more. Calls throw ledger_error.
class shared_ledger {
public:
    virtual ~shared_ledger() = default;

    /// To be called every `ledger_lease_renewal`. Throws if somebody else holds the ledger now.
    virtual void renew() = 0;

    virtual ledger_holder holder() = 0; ///< no name: nobody ever was

    /// What was asked and is not too old to be waited for, each once: whoever ends before it has answered has, perhaps,
    /// done it, and nobody does it again.
    virtual std::vector<holder_request> take_requests() = 0;
    virtual void answer(const holder_request& asked, const std::string& text) = 0;

    /// Whether the tables were put back from a dump or an earlier state of the server since the last holder: they don't
    /// know what was done after that. Holds until `accept_restoration()`.
    virtual bool is_restored() = 0;
    virtual void accept_restoration() = 0;
};

/// One question to whoever holds a shared ledger, from a process that doesn't. Calls throw ledger_error.
class holder_mailbox {
public:
    virtual ~holder_mailbox() = default;

    virtual void send(const std::string& text) = 0;
    /// Nothing yet, or what the holder has answered; then the question is gone.
    virtual std::optional<std::string> answer() = 0;
    /// True: nobody has taken it, and nobody will. False: somebody has, and what became of it is not known.
    virtual bool withdraw() = 0;
};
std::unique_ptr<holder_mailbox> open_mailbox(const config::ledger_settings& settings);

} // namespace testdome_sync::sync
