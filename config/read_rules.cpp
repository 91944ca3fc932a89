#include "config/read_rules.hpp"

namespace testdome_sync::config {
namespace {

constexpr std::chrono::hours shortest_deadline{1};
constexpr std::chrono::hours longest_deadline{24 * 365};

invitation_settings read_invitation(const node& tree, jq_library& library, const tag_sources& sources, problems& found)
{
    invitation_settings into;
    reader in(tree, "\"invitation\"", library, sources, found);
    into.deadline = in.duration("deadline", into.deadline);
    if (into.deadline < shortest_deadline || into.deadline > longest_deadline)
        found.add(in.child("deadline")->where, "\"deadline\" must be between 1h and 365d");
    into.reply_to = in.required_text("reply_to");
    into.proctoring = in.flag("proctoring", into.proctoring);
    if (in.require("message"))
        into.message = in.text_parts("message").value_or(text_template{});
    return into;
}

repeat_settings read_repeat(reader& in)
{
    repeat_settings into;
    const auto* written = in.child("repeat");
    const auto text = in.text("repeat", "reuse");
    if (text == "always") {
        into.mode = repeat_mode::always;
    } else if (text.starts_with("after ")) {
        node age = *written;
        age.text = written->tag.empty() ? text.substr(6) : std::string{}; // a duration is written out
        into.mode = repeat_mode::after;
        into.after = parse_duration(age, in.found()).value_or(std::chrono::seconds{0});
    } else if (text != "reuse") {
        in.found().add(written->where,
                       "\"repeat\" must be reuse, always, or after with an age as in \"after 180d\", not " +
                           shown_value(*written, text));
    }
    return into;
}

after_settings read_after(const node& tree, jq_library& library, const tag_sources& sources, problems& found)
{
    after_settings into;
    reader in(tree, "\"after\"", library, sources, found);
    into.test = in.required_text("test");
    into.when = in.expression("when");
    return into;
}

rule read_rule(const node& tree, std::size_t number, jq_library& library, const tag_sources& sources, problems& found)
{
    rule into;
    into.where = tree.where;
    const auto* name = tree.find("name");
    into.name =
        name && name->kind == node_kind::scalar && !name->text.empty() ? name->text : "rule " + std::to_string(number);
    reader in(tree, "rule \"" + into.name + '"', library, sources, found);
    if (name)
        in.text("name");
    in.ignore("name");
    into.when = in.expression("when");
    if (const auto* test = in.require("test")) {
        into.test = in.text("test");
        into.test_where = test->where;
    }
    if (const auto* invitation = in.require("invitation"))
        into.invitation = read_invitation(*invitation, library, sources, found);
    into.repeat = read_repeat(in);
    into.approve = in.flag("approve", into.approve);
    into.continue_matching = in.flag("continue", into.continue_matching);
    if (const auto* after = in.child("after"))
        into.after = read_after(*after, library, sources, found);
    into.cancel_when = in.expression("cancel_when");
    return into;
}

} // namespace

std::vector<rule> read_rules(const node& tree, jq_library& library, const tag_sources& sources, problems& found)
{
    std::vector<rule> rules;
    if (tree.kind != node_kind::sequence || tree.items.empty()) {
        found.add(tree.where, "\"rules\" must be a list with at least one rule, each after a dash");
        return rules;
    }
    for (const auto& item : tree.items) {
        auto made = read_rule(item, rules.size() + 1, library, sources, found);
        for (const auto& other : rules)
            if (other.name == made.name)
                found.add(made.where, "a second rule is named \"" + made.name + "\"; the first stands in line " +
                                          std::to_string(other.where.line));
        rules.push_back(std::move(made));
    }
    return rules;
}

} // namespace testdome_sync::config
