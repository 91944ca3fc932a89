#pragma once

#include "config/jq.hpp"
#include "config/reader.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace testdome_sync::rest {

/// What an answer means, as `then:` says it.
enum class verdict {
    success,       ///< it is a good answer whatever its status
    retry,         ///< nothing was carried out, and it will be another time: a limit, a lock, maintenance
    stop,          ///< a list ends here
    skip,          ///< there is nothing: no rows, no such record, or the action was carried out before
    fail,          ///< understood and refused
    denied,        ///< credentials or rights
    not_found,     ///< what was addressed does not exist (any more)
    unknown,       ///< a change may have been carried out
    forget_cursor, ///< a list's `.cursor` is too old: the list is read again without it
};

/// One row of an answer table.
struct answer_rule {
    config::jq_expression when;
    verdict then = verdict::fail;
    std::optional<std::chrono::seconds> wait;     ///< retry: this long, unless the answer says otherwise
    std::optional<config::jq_expression> message; ///< what to tell of it
};

/// `answer:`, of a whole description or of one request. Expressions see `.status`, `.headers` (lower case), `.body`
/// (null if it is none or no JSON), and `.effect` (`reads` or `changes`); those of an action's own request see the
/// action's document, too.
struct answer_description {
    std::vector<answer_rule> rules;               ///< the first whose `when` is true counts
    std::optional<config::jq_expression> success; ///< false: a failure in spite of the status
    std::optional<config::jq_expression> error;   ///< the HR system's own words about a failure
};

answer_description read_answer(const config::node& value, config::reader& parent);

} // namespace testdome_sync::rest
