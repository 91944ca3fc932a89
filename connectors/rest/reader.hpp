#pragma once

#include "connectors/newest_readings.hpp"
#include "connectors/rest/caller.hpp"
#include "connectors/rest/lookups.hpp"
#include "connectors/rest/record_digest.hpp"
#include "connectors/rest/record_memory.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace testdome_sync::rest {

class list_memory;

/// What one record of the HR system (with its joins) says: usually one application.
struct record_reading {
    std::vector<sync::application> applications;
    std::vector<sync::broken_record> broken; ///< what can't be understood
};
record_reading read_record(const description& described, const boost::json::value& record);

/// How the records of a poll are to be understood.
struct reading_terms {
    std::string time_zone{};   ///< of times that tell none (IANA); empty is UTC
    bool reads_window = false; ///< an application without a time of its own may be older than the first poll
};

/// The application that `rendered`, an `application:` with its values, describes. `raw` is the HR system's own record,
/// unless `rendered` gives another.
sync::application application_of(const boost::json::value& rendered, boost::json::value raw,
                                 const reading_terms& terms);

/// Reads a window of applications: lists, joins, and turns records into applications.
class application_reader {
public:
    application_reader(caller& hr_system, lookup_reader& lookups, sync::clock& clock)
        : hr_system_(hr_system), lookups_(lookups), clock_(clock)
    {
    }

    boost::asio::awaitable<sync::result<sync::poll_answer>> read(sync::poll_request request);

private:
    using records = std::vector<boost::json::value>;

    /// One poll under way.
    struct look {
        const sync::poll_request& request;
        const boost::json::object& document;
        records found{}; ///< and not taken in yet
        connectors::newest_readings newest{};
        sync::poll_answer answer{};
    };

    /// One reading of a list, with all that it needs and gives.
    struct reading {
        const list_description& list;
        boost::json::object document;
        sync::wall_time since;
        look& into;
        boost::json::value& cursor;
        bool cursor_forgotten = false;
    };
    boost::asio::awaitable<sync::result<void>> read_lists(look& of, list_memory& memory);
    boost::asio::awaitable<sync::result<void>> read_list(reading& of);
    boost::asio::awaitable<sync::result<void>> read_list_once(reading& of);
    sync::result<caller::taken> take_page(reading& of, hr_answer& page);
    void add(reading& of, boost::json::value row);
    boost::asio::awaitable<sync::result<void>> read_list_for_each(reading& of);
    boost::asio::awaitable<sync::result<std::vector<boost::json::value>>> items_of(const list_description& list,
                                                                                   const boost::json::object& document);
    boost::asio::awaitable<sync::result<void>> take_in_if_many(look& of);
    boost::asio::awaitable<sync::result<void>> take_in_found(look& of);
    boost::asio::awaitable<sync::result<void>> join(const enrich_description& join, const boost::json::object& document,
                                                    records& into);
    boost::asio::awaitable<sync::result<void>> fetch(const enrich_description& join, boost::json::object document,
                                                     std::vector<boost::json::value> ids);

    struct cached {
        std::vector<boost::json::value> rows; ///< none: it isn't there
        sync::monotonic_time until;
    };
    struct cached_items {
        std::vector<boost::json::value> items;
        sync::monotonic_time until;
    };
    /// What a record came to in an earlier poll, without anything about a person.
    struct known_application {
        std::string id;
        std::string fingerprint;
        std::optional<sync::wall_time> updated_at;
    };

    /// A record as its list gives it. What is joined to it may change without it, but is not read again at each poll.
    struct listed_record {
        std::vector<known_application> applications;
        sync::monotonic_time join_again_at;
        std::chrono::seconds pause{0}; ///< until then; it grows
    };
    using digests = std::vector<record_digest>;

    bool may_know(const sync::poll_request& request) const;
    /// Takes those records out of `found` that have come before as they are, and whose joins can wait.
    /// @returns the digests of those that are left
    digests set_aside(records& found, const sync::poll_request& request, std::vector<known_application>& aside);
    void take_in(const records& found, const digests& as_listed, look& into);
    /// Tells the applications their fingerprints.
    static std::vector<known_application> to_be_known(std::vector<sync::application>& applications);
    /// Whether all were read by an earlier look, too.
    bool came_before(const std::vector<known_application>& applications);
    void let_joins_wait(const record_digest& listed, std::vector<known_application> applications);

    caller& hr_system_;
    lookup_reader& lookups_;
    sync::clock& clock_;
    std::map<std::string, cached_items> items_;                   ///< by list
    std::map<std::string, std::map<std::string, cached>> joined_; ///< by join and id
    record_memory<std::vector<known_application>> known_;         ///< by the record with its joins
    record_memory<listed_record> listed_;                         ///< by the record as it is listed
    record_memory<std::monostate> joined_before_;                 ///< by the application's id
};

} // namespace testdome_sync::rest
