#pragma once

#include "sync/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <functional>

namespace testdome_sync::sql {

/// Settles between the event loop and a worker thread whether something that can't be taken back happens: one of the
/// two comes first.
class decision {
public:
    /// The worker is about to do it. False: it was given up meanwhile, and must not be done.
    bool go_ahead() { return settle(state::done); }
    /// The loop waits no longer. False: it is being done, or was.
    bool give_up() { return settle(state::given_up); }

private:
    enum class state { open, done, given_up };
    bool settle(state wanted)
    {
        auto before = state::open;
        return state_.compare_exchange_strong(before, wanted) || before == wanted;
    }
    std::atomic<state> state_{state::open};
};

/// Carries out what blocks on a worker thread while the event loop goes on.
class worker {
public:
    worker(boost::asio::any_io_executor loop, boost::asio::any_io_executor threads, sync::clock& clock)
        : loop_(std::move(loop)), threads_(std::move(threads)), clock_(clock)
    {
    }

    /// True once `work`, which must not throw, has ended. False if `until` has come, or if the caller was canceled
    /// before that: then `work` may still be going on or begin later, so that whatever it uses must be its own.
    boost::asio::awaitable<bool> run(std::function<void()> work, sync::monotonic_time until);

private:
    boost::asio::any_io_executor loop_;
    boost::asio::any_io_executor threads_;
    sync::clock& clock_;
};

} // namespace testdome_sync::sql
