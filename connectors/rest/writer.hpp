#pragma once

#include "connectors/rest/caller.hpp"
#include "connectors/rest/lookups.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// Carries out actions: looks up what they need, asks whether they were carried out already, sends one request.
class action_writer {
public:
    action_writer(caller& hr_system, lookup_reader& lookups, sync::clock& clock)
        : hr_system_(hr_system), lookups_(lookups), clock_(clock)
    {
    }

    boost::asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order);
    /// Every name that the HR system knows of that kind.
    boost::asio::awaitable<sync::result<std::vector<std::string>>> names_of(const known_names& known);

    sync::repeatability repeats(const std::string& action) const;
    std::size_t at_once() const;                ///< see sync::hr_connector
    std::chrono::seconds longest_write() const; ///< see sync::hr_connector

private:
    boost::asio::awaitable<sync::result<bool>> is_there_already(const action_description& action,
                                                                config::jq_document& document);
    sync::result<outgoing> request_for(const action_description& action, const config::jq_document& document) const;

    caller& hr_system_;
    lookup_reader& lookups_;
    sync::clock& clock_;
};

} // namespace testdome_sync::rest
