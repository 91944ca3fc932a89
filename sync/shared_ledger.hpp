#pragma once

#include "config/settings.hpp"
#include "sync/clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// A process that works with a ledger that several machines share, or was not heard of for too long.
struct ledger_machine {
    std::int64_t number = 0; ///< one more than the last one's; nobody ever has it again
    std::string name;        ///< "host (process 4711)"
    wall_time since{};
    bool is_present = false;         ///< its lease lasts
    bool is_alone = false;           ///< it shares the work with nobody: a command at the keyboard
    std::vector<std::string> can_do; ///< parts that its configuration has
};

/// A part of the work (sync/parts.hpp), and who does it.
struct ledger_part {
    std::string name;
    std::int64_t machine = 0; ///< 0: nobody
    std::string machine_name; ///< also of the last one, where nobody does it now
    wall_time since{};
    std::int64_t acts = 0; ///< how often somebody has asked for it; see part_call
    std::int64_t polls = 0;
};

struct ledger_division {
    std::vector<ledger_machine> machines; ///< by number
    std::vector<ledger_part> parts;       ///< by name
};

/// What a person at any machine asks the daemons to do; the text is their own.
struct machine_request {
    std::int64_t id = 0;
    std::string text;
};

/// How long a machine may be silent before others go on with its parts, by the database's clock.
constexpr std::chrono::seconds ledger_lease{10};
constexpr std::chrono::seconds ledger_lease_renewal{3};

/// What a ledger can that several machines share. Each that opens it to write has a number of its own for as long as
/// its lease lasts, which each unit of work and `renew()` prolong. Who is silent for longer is struck off by one of the
/// others, and its parts are free. The units of work of all machines are carried out one after the other, each under
/// the number of its machine: who was struck off and wakes up begins none any more, and nobody is while one of its
/// units is under way. A part goes from one machine to another in no other way than by the machine that has it, or
/// after its end. Calls throw ledger_lost if this process was struck off, and ledger_error.
class shared_ledger {
public:
    virtual ~shared_ledger() = default;

    virtual std::int64_t number() const = 0; ///< of this process

    /// To be called every `ledger_lease_renewal`.
    virtual void renew() = 0;
    /// The same. Then strikes off who is silent, lets `change` change who does what, while nobody else does, and stores
    /// that. Nothing if others are at work for so long that it is better tried again later.
    virtual std::optional<ledger_division> divide(const std::function<void(ledger_division&)>& change) = 0;
    virtual ledger_division division() = 0; ///< as it is

    /// What was asked and is not too old to be waited for, each once: whoever ends before it has answered has, perhaps,
    /// done it, and nobody does it again.
    virtual std::vector<machine_request> take_requests() = 0;
    virtual void answer(const machine_request& asked, const std::string& text) = 0;

    /// Whether the tables were put back from a dump or an earlier state of the server: they don't know what was done
    /// after that. Holds until `accept_restoration()`, which is called inside a unit of work.
    virtual bool is_restored() = 0;
    virtual void accept_restoration() = 0;
};

/// One question to the daemons that share a ledger, from another process. Calls throw ledger_error.
class machine_mailbox {
public:
    virtual ~machine_mailbox() = default;

    virtual void send(const std::string& text) = 0;
    /// Nothing yet, or what a daemon has answered; then the question is gone.
    virtual std::optional<std::string> answer() = 0;
    /// True: nobody has taken it, and nobody will. False: somebody has, and what became of it is not known.
    virtual bool withdraw() = 0;
};
std::unique_ptr<machine_mailbox> open_mailbox(const config::ledger_settings& settings);

} // namespace testdome_sync::sync
