#pragma once

#include "config/jq.hpp"
#include "connectors/rest/batched_lookups.hpp"
#include "connectors/rest/caller.hpp"
#include "sync/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::rest {

/// Asks the HR system for the values that requests need, and remembers those that may be.
class lookup_reader {
public:
    lookup_reader(caller& hr_system, sync::clock& clock) : hr_system_(hr_system), batched_(hr_system), clock_(clock) {}

    /// The document that requests begin with: the caller's, with the description's own look-ups in `.lookup`.
    boost::asio::awaitable<sync::result<boost::json::object>> document();

    /// Adds `.lookup.NAME` for each, in order. A value that is missing and must not be is `not_found`. `leave_by`: see
    /// http::request.
    boost::asio::awaitable<sync::result<void>> look_up(const std::vector<lookup_description>& wanted,
                                                       config::jq_document& document,
                                                       std::optional<sync::monotonic_time> leave_by = {});

    /// The bodies of all pages; an empty one is left out.
    boost::asio::awaitable<sync::result<boost::json::array>> pages_of(outgoing order, const paging_description& paging);

private:
    boost::asio::awaitable<sync::result<void>> look_up(const lookup_description& wanted, config::jq_document& document,
                                                       std::optional<sync::monotonic_time> leave_by);
    boost::asio::awaitable<sync::result<boost::json::array>> ask(const lookup_description& wanted, outgoing order,
                                                                 std::string identity);
    /// What is the same for all write-backs.
    boost::json::object common_part(const config::jq_document& document) const;

    struct cached {
        boost::json::array pages;
        sync::monotonic_time until;
    };
    caller& hr_system_;
    batched_lookups batched_;
    sync::clock& clock_;
    std::map<std::string, cached> answers_; ///< of cached look-ups, by name and request
};

} // namespace testdome_sync::rest
