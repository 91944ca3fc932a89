#include "connectors/rest/answer_rules.hpp"
#include "connectors/rest/description.hpp"

#include <algorithm>

namespace testdome_sync::rest {
namespace {

answer_rule read_rule(const config::node& value, config::reader& parent)
{
    config::reader in(value, "a rule of \"answer\"", parent.library(), parent.sources(), parent.found());
    const std::vector<std::string> names{"success", "retry",     "stop",    "skip",         "fail",
                                         "denied",  "not_found", "unknown", "forget_cursor"};
    auto when = required_expression(in, "when");
    in.require("then");
    const auto then = in.choice("then", "fail", names);
    answer_rule made{std::move(when), static_cast<verdict>(std::ranges::find(names, then) - names.begin()),
                     std::nullopt, in.expression("message")};
    if (in.has("wait"))
        made.wait = in.duration("wait", std::chrono::seconds{1});
    if (made.wait && made.then != verdict::retry)
        in.found().add(in.child("wait")->where, "\"wait\" belongs to \"then: retry\"");
    return made;
}

} // namespace

answer_description read_answer(const config::node& value, config::reader& parent)
{
    answer_description made;
    config::reader in(value, "\"answer\"", parent.library(), parent.sources(), parent.found());
    if (const auto* rules = in.child("rules")) {
        if (rules->kind != config::node_kind::sequence)
            in.found().add(rules->where, "\"rules\" must be a list");
        for (const auto& one : rules->items)
            made.rules.push_back(read_rule(one, in));
    }
    made.success = in.expression("success");
    made.error = in.expression("error");
    return made;
}

} // namespace testdome_sync::rest
