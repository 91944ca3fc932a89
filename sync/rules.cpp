#include "sync/rules.hpp"

#include "sync/documents.hpp"
#include "sync/events.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace json = boost::json;
namespace {

using kind = rule_answer::kind;

bool is_test(const assessment& assessment, const std::string& reference)
{
    return assessment.test_reference == reference || assessment.test_name == reference ||
           std::to_string(assessment.test_id) == reference;
}

rule_answer evaluated(const config::rule& rule, const std::optional<config::jq_expression>& expression,
                      const config::jq_document& document)
{
    if (!expression)
        return {&rule, kind::matches, {}};
    const auto answer = expression->test(document);
    if (!answer)
        return {&rule, kind::undecidable, expression->where().text() + ": " + printable(answer.error().reason)};
    return {&rule, *answer ? kind::matches : kind::does_not_match, {}};
}

/// `after: {test, when}`: the earlier test must be completed, and its result as the condition says.
rule_answer after_answer(const config::rule& rule, const json::object& document, const std::vector<assessment>& earlier)
{
    for (const auto& assessment : earlier)
        if (is_test(assessment, rule.after->test) && assessment.state == assessment_state::completed)
            return evaluated(rule, rule.after->when, with_assessment(document, assessment));
    return {&rule, kind::waits, "the result of \"" + rule.after->test + "\" is not there yet"};
}

rule_answer answer_of(const config::rule& rule, const json::object& document, const config::jq_document& converted,
                      const std::vector<assessment>& earlier)
{
    auto answer = evaluated(rule, rule.when, converted);
    if (answer.answer == kind::matches && rule.after)
        return after_answer(rule, document, earlier);
    return answer;
}

} // namespace

std::string_view to_text(rule_answer::kind answer)
{
    switch (answer) {
    case kind::matches: return "matches";
    case kind::does_not_match: return "does not match";
    case kind::waits: return "waits";
    case kind::undecidable: return "can't be decided";
    case kind::not_reached: return "not reached";
    }
    return "?";
}

bool selects(const rule_answer& answer)
{
    return answer.answer == rule_answer::kind::matches || answer.answer == rule_answer::kind::undecidable;
}

std::vector<rule_answer> apply_rules(const std::vector<config::rule>& rules, const json::object& document,
                                     const std::vector<assessment>& earlier)
{
    const config::jq_document converted(document);
    std::vector<rule_answer> answers;
    bool decided = false;
    for (const auto& rule : rules) {
        if (decided) {
            answers.push_back({&rule, kind::not_reached, {}});
            continue;
        }
        answers.push_back(answer_of(rule, document, converted, earlier));
        const auto answer = answers.back().answer;
        decided = answer == kind::undecidable || (answer == kind::matches && !rule.continue_matching);
    }
    return answers;
}

json::array to_json(const std::vector<rule_answer>& answers)
{
    json::array list;
    for (const auto& one : answers)
        list.push_back({{"rule", one.rule->name}, {"answer", to_text(one.answer)}, {"reason", one.reason}});
    return list;
}

std::string fingerprint_of(const config::mapping& mapping)
{
    json::array all;
    for (const auto& rule : mapping.rules)
        all.push_back({rule.name, rule.test, rule.when ? rule.when->text() : "", rule.continue_matching,
                       rule.after ? rule.after->test : "",
                       rule.after && rule.after->when ? rule.after->when->text() : ""});
    all.push_back(static_cast<int>(mapping.poll.start));
    all.push_back(mapping.poll.start_date.time_since_epoch().count());
    return fingerprint_of(json::value(all));
}

} // namespace testdome_sync::sync
