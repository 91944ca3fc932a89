#pragma once

#include "sync/decisions.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace testdome_sync::daemon {

/// What a person's command asks of the daemon: a decision for the ledger, or one poll now.
struct control_request {
    enum class kind { decide, poll } what = kind::decide;
    sync::decision decision{}; ///< poll: only `subject` counts, the mapping
    std::string sudo_user{};   ///< who has become root for it, as they say; believed of root only
};

boost::json::object to_json(const control_request& asked);

/// Throws std::invalid_argument with what is wrong, for people: another version's command, or none of ours.
control_request control_request_from(const boost::json::value& line);

/// `[{"subject","done","text"}]`
boost::json::value to_json(const sync::decision_answer& answer);
/// Throws std::invalid_argument.
sync::decision_answer decision_answer_from(const boost::json::value& items);

/// Asks for what the command of that name is. Throws std::invalid_argument.
void set_command(control_request& asked, std::string_view name);

} // namespace testdome_sync::daemon
