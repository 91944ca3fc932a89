#pragma once

#include "connectors/rest/caller.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>

#include <map>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// Carries out actions: looks up what they need, asks whether they were carried out already, sends one request.
class action_writer {
public:
    action_writer(caller& hr_system, sync::clock& clock) : hr_system_(hr_system), clock_(clock) {}

    boost::asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order);
    /// Every name that the HR system knows of that kind.
    boost::asio::awaitable<sync::result<std::vector<std::string>>> names_of(const known_names& known);

    sync::repeatability repeats(const std::string& action) const;
    std::chrono::seconds longest_write() const; ///< see sync::hr_connector

private:
    boost::asio::awaitable<sync::result<void>> look_up(const lookup_description& wanted, boost::json::object& document);
    boost::asio::awaitable<sync::result<bool>> is_there_already(const action_description& action,
                                                                boost::json::object document);
    boost::asio::awaitable<sync::result<boost::json::array>>
    pages_of(const request_template& request, const paging_description& paging, const boost::json::value& document);

    struct cached {
        boost::json::array pages;
        sync::monotonic_time until;
    };
    caller& hr_system_;
    sync::clock& clock_;
    std::map<std::string, cached> answers_; ///< of cached look-ups, by request
};

} // namespace testdome_sync::rest
