#include "config/read_mapping.hpp"

#include "config/checks.hpp"
#include "config/read_rules.hpp"
#include "config/read_webhook.hpp"

#include <filesystem>

namespace testdome_sync::config {
namespace {

const std::vector<std::string> events{"invited", "started", "completed", "did_not_take", "canceled", "refused", "held"};

void read_credentials(const node& tree, mapping& into, problems& found)
{
    into.credentials_where = tree.where;
    if (tree.kind != node_kind::mapping) {
        found.add(tree.where, "\"credentials\" must be a mapping of names to values");
        return;
    }
    for (const auto& [key, value] : tree.members) {
        if (names_a_secret(key.text))
            refuse_public_secret(value, found);
        into.credential_positions[key.text] = key.where;
        if (auto text = resolve_text(value, into.sources, found))
            into.credentials[key.text] = secret(std::move(*text));
    }
}

/// `YYYY-MM-DD`, or an instant `YYYY-MM-DDTHH:MM:SSZ`.
std::optional<std::chrono::sys_seconds> parse_date(const std::string& text)
{
    using namespace std::chrono;
    int y = 0, hour = 0, minute = 0, second = 0, read = 0;
    unsigned m = 0, d = 0;
    const bool day_only =
        std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &y, &m, &d, &read) == 3 && read == 10 && text.size() == 10;
    const bool instant =
        !day_only &&
        std::sscanf(text.c_str(), "%4d-%2u-%2uT%2d:%2d:%2dZ%n", &y, &m, &d, &hour, &minute, &second, &read) == 6 &&
        text.size() == 20;
    const year_month_day date{year{y}, month{m}, day{d}};
    if ((!day_only && !instant) || !date.ok() || hour > 23 || minute > 59 || second > 59)
        return std::nullopt;
    return sys_days{date} + hours{hour} + minutes{minute} + seconds{second};
}

std::optional<std::chrono::sys_seconds> read_credentials_expire(reader& in)
{
    const auto* written = in.child("credentials_expire");
    const auto text = in.text("credentials_expire");
    const auto date = parse_date(text);
    if (written && !date)
        in.found().add(written->where, "\"credentials_expire\" is the date on which the HR system ends them, such as "
                                       "2027-02-28, not " +
                                           shown_value(*written, text));
    return date;
}

poll_settings read_poll(const node& tree, jq_library& library, const tag_sources& sources, problems& found)
{
    poll_settings into;
    reader in(tree, "\"poll\"", library, sources, found);
    into.every = in.duration("every", into.every);
    if (into.every < std::chrono::seconds{1})
        found.add(tree.where, "\"every\" must be at least 1s");
    into.overlap = in.duration("overlap", into.overlap);
    const auto* start = in.child("start");
    const auto text = in.text("start", "now");
    if (text == "all") {
        into.start = start_mode::all;
    } else if (const auto date = parse_date(text)) {
        into.start = start_mode::date;
        into.start_date = *date;
    } else if (text != "now" && start) {
        found.add(start->where,
                  "\"start\" must be now, all, or a date such as 2026-11-24, not " + shown_value(*start, text));
    }
    return into;
}

std::optional<write_back_action> read_action(const node& tree, const std::string& event, mapping& into, problems& found)
{
    write_back_action action;
    action.where = tree.where;
    const std::string what = "an action of \"" + event + '"';
    if (tree.kind != node_kind::mapping || tree.members.empty()) {
        found.add(tree.where, what + " is written as - ACTION: VALUE");
        return std::nullopt;
    }
    for (const auto& [key, value] : tree.members) {
        if (key.text == "when")
            continue;
        if (!action.name.empty()) {
            found.add(key.where, what + " is one action; begin \"" + key.text + "\" with a dash of its own");
            return std::nullopt;
        }
        action.name = key.text;
        action.where = key.where;
        action.raw = value;
        action.argument = json_template(value, *into.library, found);
    }
    if (const auto* when = tree.find("when")) {
        if (when->tag == "!jq" && when->kind == node_kind::scalar)
            action.when = into.library->add(when->text, when->where);
        else
            found.add(when->where, "\"when\" must be an expression: write when: !jq …");
    }
    if (action.name.empty()) {
        found.add(tree.where, what + " has a condition, but no action");
        return std::nullopt;
    }
    return action;
}

void read_write_back(const node& tree, mapping& into, problems& found)
{
    if (tree.kind != node_kind::mapping) {
        found.add(tree.where, "\"write_back\" must be a mapping of events to lists of actions");
        return;
    }
    for (const auto& [key, list] : tree.members) {
        if (std::ranges::count(events, key.text) == 0) {
            found.add(key.where,
                      "unknown event \"" + key.text + "\" in \"write_back\"" + did_you_mean(key.text, events));
            continue;
        }
        if (list.kind != node_kind::sequence) {
            found.add(list.where, "\"" + key.text + "\" must be a list of actions, each after a dash");
            continue;
        }
        for (const auto& item : list.items)
            if (auto action = read_action(item, key.text, into, found))
                into.write_back[key.text].push_back(std::move(*action));
    }
}

/// What is left for the connector: every key that the engine doesn't read itself.
node connector_part(const node& tree)
{
    static const std::vector<std::string> own{"connector", "credentials", "credentials_expire", "poll",
                                              "webhook",   "rules",       "write_back"};
    node rest = tree;
    std::erase_if(rest.members, [](const auto& member) { return std::ranges::count(own, member.key.text) > 0; });
    return rest;
}

} // namespace

mapping read_mapping(const node& tree, const std::string& path, const tag_sources& sources, problems& found)
{
    mapping into;
    into.path = path;
    into.name = std::filesystem::path(path).stem().string();
    into.library = jq_library::create();
    into.sources = sources;
    into.credentials_where = tree.where;
    reader in(tree, "the mapping file", *into.library, sources, found);
    if (const auto* connector = in.require("connector")) {
        if (connector->tag.empty())
            into.connector = in.text("connector");
        else
            found.add(connector->where, "\"connector\" is written out; it can't be given by " + connector->tag);
        into.connector_where = connector->where;
    }
    if (const auto* credentials = in.child("credentials"))
        read_credentials(*credentials, into, found);
    into.credentials_expire = read_credentials_expire(in);
    if (const auto* poll = in.child("poll"))
        into.poll = read_poll(*poll, *into.library, sources, found);
    if (const auto* webhook = in.child("webhook"))
        into.webhook = read_webhook(*webhook, "\"webhook\"", true, *into.library, sources, found);
    if (const auto* rules = in.require("rules"))
        into.rules = read_rules(*rules, *into.library, sources, found);
    if (const auto* write_back = in.child("write_back"))
        read_write_back(*write_back, into, found);
    into.connector_settings = connector_part(tree);
    for (const auto& [key, value] : into.connector_settings.members)
        in.ignore(key.text); // the connector tells which of these it doesn't know
    return into;
}

} // namespace testdome_sync::config
