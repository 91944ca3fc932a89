#pragma once

#include "sync/environment.hpp"
#include "sync/notifier.hpp"
#include "sync/nudge.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Looks for alarms now and then, tells each once when it comes up and once when it is over, in the log and through the
/// notifier. What was told is kept in the ledger, so that a restart repeats nothing; what could not be told is tried
/// again with the next look. One thread.
class alarm_watch {
public:
    /// `world` outlives the watch, and so does `to`, which may be null: then only the log is told.
    alarm_watch(const boost::asio::any_io_executor& executor, environment& world, notifier* to)
        : world_(world), to_(to), nudge_(executor)
    {
    }

    /// A look each time that TestDome is polled. Ends soon after `stop()`. Throws ledger_error.
    boost::asio::awaitable<void> run();
    void stop();

    boost::asio::awaitable<void> look();

private:
    /// An alarm as it was told.
    struct told {
        alarm about;
        bool in_the_log = false;
        bool to_people = false;
        bool is_over = false;
    };
    std::vector<told> known();
    void keep(const std::vector<told>& all);
    static void merge(std::vector<told>& all, std::vector<alarm> now);
    void tell_log(told& one);
    boost::asio::awaitable<void> tell_people(told& one);

    environment& world_;
    notifier* to_;
    nudge nudge_;
    bool stopping_ = false;
    std::string last_failure_; ///< of telling people: the log is told of each but once
};

} // namespace testdome_sync::sync
