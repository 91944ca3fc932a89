#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <memory>

namespace testdome_sync::daemon {

/// Runs the work of the process until it ends or the process is asked to: ask, wait, insist, wait, leave. Feeds
/// systemd's watchdog from the loop. One thread.
class supervisor {
public:
    struct duties {
        std::function<void()> stop;     ///< SIGTERM, SIGINT, the first one: the work ends soon by itself
        std::function<void()> reload{}; ///< SIGHUP; empty: it ends the process as any signal
    };
    supervisor(boost::asio::io_context& context, duties of);

    /// Returns when the work has ended; throws what it threw, unless it was asked to stop. What anything else throws
    /// out of the loop (damage found in the ledger, say) breaks the work off, and is thrown when that has ended.
    /// Whoever hangs after all patience is torn away: the process ends.
    void supervise(boost::asio::awaitable<void> work);

private:
    void wait_for_stop();
    void wait_for_reload();
    void stop();
    void break_off(std::exception_ptr breach);
    void insist();
    void ignore_further_requests();
    void after(std::chrono::seconds wait, std::function<void()> action);
    void feed_watchdog();
    void end(std::exception_ptr failure);

    boost::asio::io_context& context_;
    duties duties_;
    std::unique_ptr<boost::asio::signal_set> stop_;
    boost::asio::signal_set reload_;
    boost::asio::steady_timer limit_;
    boost::asio::steady_timer watchdog_;
    boost::asio::cancellation_signal cancellation_;
    std::exception_ptr failure_; ///< of the work
    std::exception_ptr breach_;  ///< what was thrown beside it; the first
    bool asked_to_stop_ = false;
    bool ended_ = false;
};

} // namespace testdome_sync::daemon
