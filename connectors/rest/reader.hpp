#pragma once

#include "connectors/rest/caller.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace testdome_sync::rest {

/// What one record of the HR system (with its joins) says: usually one application.
struct record_reading {
    std::vector<sync::application> applications;
    std::vector<sync::broken_record> broken; ///< what can't be understood
};
record_reading read_record(const description& described, const boost::json::value& record);

/// The application that `rendered`, an `application:` with its values, describes. `raw` is the HR system's own record,
/// unless `rendered` gives another.
sync::application application_of(const boost::json::value& rendered, boost::json::value raw);

/// Reads a window of applications: lists, joins, and turns records into applications.
class application_reader {
public:
    application_reader(caller& hr_system, sync::clock& clock) : hr_system_(hr_system), clock_(clock) {}

    boost::asio::awaitable<sync::result<sync::poll_answer>> read(sync::poll_request request);

private:
    using records = std::vector<boost::json::value>;

    boost::asio::awaitable<sync::result<void>> read_list(const list_description& list, boost::json::object document,
                                                         sync::wall_time since, records& into,
                                                         boost::json::value& cursor);
    boost::asio::awaitable<sync::result<void>> read_list_for_each(const list_description& list,
                                                                  boost::json::object document, sync::wall_time since,
                                                                  records& into, boost::json::value& cursor);
    boost::asio::awaitable<sync::result<void>> join(const enrich_description& join, records& into);
    boost::asio::awaitable<sync::result<void>> fetch(const enrich_description& join,
                                                     std::vector<boost::json::value> ids);

    struct cached {
        boost::json::value record;
        sync::monotonic_time until;
    };
    /// What a record came to in an earlier poll, without anything about a person.
    struct known_application {
        std::string id;
        std::string fingerprint;
        std::optional<sync::wall_time> updated_at;
    };

    void take_in(const records& found, const sync::poll_request& request, sync::poll_answer& into);

    caller& hr_system_;
    sync::clock& clock_;
    std::map<std::string, std::map<std::string, cached>> joined_; ///< by join and id
    /// By the fingerprint of a record: windows overlap, and most records come again as they were.
    std::unordered_map<std::string, std::vector<known_application>> known_;
};

/// `time` as the HR system's filters want it.
boost::json::value formatted(sync::wall_time time, time_format format);

/// ISO text, or epoch seconds or milliseconds (told apart by their size).
std::optional<sync::wall_time> time_in(const boost::json::value& value);

} // namespace testdome_sync::rest
