#pragma once

#include "config/mapping.hpp"
#include "sync/assessment.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace testdome_sync::sync {

/// What one rule says of one application.
struct rule_answer {
    const config::rule* rule = nullptr;
    enum class kind {
        matches,
        does_not_match,
        waits,       ///< `after:` names a test whose result isn't there yet
        undecidable, ///< the expression failed on this application
        not_reached, ///< an earlier rule matched
    } answer = kind::not_reached;
    std::string reason; ///< of waits and undecidable
};
std::string_view to_text(rule_answer::kind kind);

/// The application gets the rule's test, or is held with it until a person has corrected the rule.
bool selects(const rule_answer& answer);

/// Applies the rules in order: the first match wins, and later ones are looked at only after `continue: true`. A rule
/// that can't be decided ends the search too, as it might have matched. `earlier` are the application's assessments
/// (for `after:`).
std::vector<rule_answer> apply_rules(const std::vector<config::rule>& rules, const boost::json::object& document,
                                     const std::vector<assessment>& earlier);

/// `[{"rule","answer","reason"}]` for the ledger and `explain`.
boost::json::array to_json(const std::vector<rule_answer>& answers);

/// Changes when what the rules select may change.
std::string fingerprint_of(const config::mapping& mapping);

} // namespace testdome_sync::sync
