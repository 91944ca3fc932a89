#pragma once

#include "sync/environment.hpp"
#include "sync/failure.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>

#include <memory>
#include <string>

namespace testdome_sync::sync {

/// The heart: polls every mapping, invites, collects results and writes them back, until it is stopped.
///
/// One thread: every call and the executor's handlers run on the same one. `world` outlives the engine, the engine
/// outlives its coroutines. A ledger_error leaves every coroutine: nothing may be sent once nothing can be stored.
class engine {
public:
    engine(boost::asio::any_io_executor executor, environment& world);
    ~engine();

    /// The loops: one for each mapping's poll, one for each mapping's write-backs, one for TestDome. Of a ledger that
    /// is shared they work only while their part is ours, and else ask whoever does it. Ends after `stop()` once the
    /// requests in flight are finished. Cancellation: terminal; requests in flight are settled as far as they tell.
    boost::asio::awaitable<void> run();

    /// One full cycle for each mapping: poll, invite, collect, write back. True if everything that was asked for
    /// answered.
    boost::asio::awaitable<bool> run_once();

    /// Ends `run()` or `run_once()` soon: sleepers wake up, requests in flight finish, no new one is sent.
    void stop();

    /// A hint that something may have changed (a webhook, a person at the keyboard): every HR system and TestDome are
    /// asked now instead of when they are due. Does nothing unless `run()` runs.
    void look_now();

    /// The same for one HR system. False if there is no such mapping.
    bool look_now(const std::string& mapping);

    /// A person has decided something: what the ledger wants of TestDome and of the HR systems is done now. Nobody is
    /// polled for it. Does nothing unless `run()` runs.
    void act_now();

    /// What another machine asks of a part that is ours (sync/parts.hpp), or that has become ours now.
    void call(const std::string& part, part_call what);

    /// To be called before `run()`, for a mapping that an engine before this one has polled with the same settings: its
    /// first poll is when the ledger says that the next one is due, and at most an interval from now.
    void keep_schedule(const std::string& mapping);

    /// What the next cycle would do: `[{"mapping","application_id","applicant","rule","test","action","reason"}]`.
    /// Reads from the HR systems and TestDome, and writes only to the ledger that it was given: **give it a copy**.
    boost::asio::awaitable<result<boost::json::array>> plan();

private:
    struct implementation;
    std::unique_ptr<implementation> implementation_;
};

} // namespace testdome_sync::sync
