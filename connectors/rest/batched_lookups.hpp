#pragma once

#include "connectors/rest/caller.hpp"
#include "connectors/rest/keyed_rows.hpp"
#include "sync/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <map>
#include <memory>
#include <optional>

namespace testdome_sync::rest {

/// Write-backs that are sent at the same time need the same look-ups, each about another id: what they ask in one turn
/// of the event loop becomes one request. One thread.
class batched_lookups {
public:
    explicit batched_lookups(caller& hr_system) : hr_system_(hr_system) {}

    /// The rows that are about this id; `wanted` has a batch, and outlives the call. `common` is what the request sees
    /// beside `.ids`. An answer that is wrong about one of several ids is asked for again by each alone, so that one of
    /// them spoils nothing for the others. `leave_by`: see http::request. Cancellation: any; throws operation_aborted.
    boost::asio::awaitable<sync::result<boost::json::array>> rows_of(const lookup_description& wanted,
                                                                     boost::json::value id, boost::json::object common,
                                                                     std::optional<sync::monotonic_time> leave_by);

private:
    struct question;
    using answer = sync::result<std::shared_ptr<const keyed_rows>>;

    boost::asio::awaitable<answer> ask_together(const lookup_description& wanted, boost::json::value id,
                                                boost::json::object common,
                                                std::optional<sync::monotonic_time> leave_by, bool& was_alone);
    boost::asio::awaitable<answer> ask(const lookup_description& wanted, boost::json::array ids,
                                       boost::json::object common, std::optional<sync::monotonic_time> leave_by);

    caller& hr_system_;
    /// Which others may still join. Lasts as long as somebody asks, also where the event loop ends first.
    using open_questions = std::map<const lookup_description*, std::shared_ptr<question>>;
    std::shared_ptr<open_questions> open_ = std::make_shared<open_questions>();
};

} // namespace testdome_sync::rest
