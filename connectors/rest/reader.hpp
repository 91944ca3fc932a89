#pragma once

#include "connectors/rest/caller.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <string>
#include <vector>

namespace testdome_sync::rest {

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
    caller& hr_system_;
    sync::clock& clock_;
    std::map<std::string, std::map<std::string, cached>> joined_; ///< by join and id
};

/// Turns one record (with its joins) into applications; what can't be understood is added to `broken`. `places`
/// remembers where each application stands in the answer.
void add_applications(const description& described, const boost::json::value& record,
                      std::map<std::string, std::size_t>& places, sync::poll_answer& into);

/// `time` as the HR system's filters want it.
boost::json::value formatted(sync::wall_time time, time_format format);

/// ISO text, or epoch seconds or milliseconds (told apart by their size).
std::optional<sync::wall_time> time_in(const boost::json::value& value);

} // namespace testdome_sync::rest
