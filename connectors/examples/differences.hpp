#pragma once

#include "config/node.hpp"
#include "config/problems.hpp"

#include <boost/json/value.hpp>

#include <string>

namespace testdome_sync::examples {

/// How strictly JSON is compared with what an example says.
struct comparison {
    bool scalars_as_text = false; ///< 12 and "12" are the same, null is an empty text, times are instants
    bool more_members = false;    ///< members that the example does not mention don't matter
};

/// Adds a problem for each difference, at the line of the example that it contradicts. `what` names the value in
/// messages, as a jq path begins: `body`, `applications[0]`.
void report_differences(const config::node& expected, const boost::json::value& actual, const std::string& what,
                        const comparison& how, config::problems& found);

} // namespace testdome_sync::examples
