#pragma once

#include "connectors/csv/description.hpp"
#include "connectors/csv/export_file.hpp"
#include "connectors/csv/file.hpp"
#include "connectors/newest_readings.hpp"
#include "sync/clock.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::csv {

/// Reads the exports. Which of them, and which not yet:
///
/// - A file counts once neither size nor times have changed for `quiet`; a poll waits that long for files that it
///   doesn't know. What changes while it is read, or breaks off within quotes, is left alone.
/// - Of an application in several files, the newest reading counts. So whatever is older than a file that must be left
///   alone waits for it, and a file that is taken away doesn't bring an older one's reading back.
/// - Files that were taken in as they are now (the cursor tells) are read again once an hour only, for those who wait
///   for something outside of the HR system.
class export_reader {
public:
    /// All must outlive the reader, and `described` what the worker is doing.
    export_reader(const description& described, sync::clock& clock, boost::asio::any_io_executor worker)
        : described_(described), clock_(clock), worker_(std::move(worker))
    {
    }

    boost::asio::awaitable<sync::result<sync::poll_answer>> read(sync::poll_request request);

private:
    using place_in_order = std::pair<std::int64_t, std::string>; ///< time of modification, name
    /// What was taken in so far, as the cursor keeps it.
    struct progress {
        std::map<std::string, file_state> files; ///< by name
        std::optional<place_in_order> gone;      ///< the newest of those that were taken in and then taken away
        int applications = 0;
        bool has(const file_state& file) const; ///< as it is now
    };
    struct listing {
        std::vector<file_state> settled;          ///< the oldest first
        std::optional<place_in_order> left_alone; ///< the newest that is still being written
    };
    struct choice {
        std::vector<file_state> files; ///< to read, the oldest first
        bool looks_again = false;      ///< whatever was taken in before is among them
    };

    boost::asio::awaitable<sync::result<listing>> list_settled(progress& known);
    /// `may_know`: the engine tells what it has, so that not everything must be given.
    sync::result<choice> choose(const listing& there, const progress& known, bool may_know) const;
    boost::asio::awaitable<record_batch> read_file(const file_state& which, const sync::poll_request& request,
                                                   connectors::newest_readings& into);
    void take(const record& read, const file_state& from, const sync::poll_request& request,
              connectors::newest_readings& into, std::vector<sync::broken_record>& broken) const;

    static progress progress_from(const boost::json::value& cursor);
    static boost::json::value to_cursor(const progress& known);
    static void forget_files_that_are_gone(const std::vector<file_state>& there, progress& known);

    const description& described_;
    sync::clock& clock_;
    boost::asio::any_io_executor worker_;
    struct sighting {
        std::string stamp;
        sync::monotonic_time since;
    };
    std::map<std::string, sighting> seen_; ///< files that are not taken in yet, by name
    std::optional<sync::monotonic_time> looked_again_;
};

} // namespace testdome_sync::csv
