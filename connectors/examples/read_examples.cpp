#include "connectors/examples/example.hpp"

#include "config/reader.hpp"
#include "connectors/rest/request_template.hpp"
#include "sync/application.hpp"

namespace testdome_sync::examples {
namespace json = boost::json;
namespace {

const std::vector<std::string> outcomes{"done",   "already_done", "not_sent",  "outcome_unknown", "refused",
                                        "denied", "not_found",    "malformed", "unsupported"};

/// As the engine's own marks look.
constexpr std::string_view default_marker = "td-0123456789ab";

std::optional<config::node> kept(const config::node* value)
{
    return value ? std::optional(*value) : std::nullopt;
}

poll_example read_poll(const config::node& value, config::reader& of_example)
{
    poll_example made;
    config::reader in(value, "\"poll\"", of_example.library(), of_example.sources(), of_example.found());
    const auto text = in.required_text("since");
    if (const auto since = sync::time_from(text))
        made.since = *since;
    else if (const auto* written = in.child("since"))
        in.found().add(written->where, "\"since\" is a time such as 2026-11-24T08:00:00Z");
    if (const auto* cursor = in.child("cursor"))
        made.cursor = config::to_json(*cursor);
    made.applications = kept(of_example.child("applications"));
    made.broken = kept(of_example.child("broken"));
    made.cursor_left = kept(of_example.child("cursor"));
    return made;
}

/// A person, a job or a stage: every member is text, as in the engine's documents.
json::value texts_of(const json::value* part)
{
    json::object made;
    if (part && part->is_object())
        for (const auto& [name, value] : part->get_object())
            made[name] = value.is_null() ? std::string{} : rest::plain_text(value);
    return made;
}

/// The document that write-back sees, of an application as `applications:` of a poll shows it.
json::object document_of(const json::value& application)
{
    const auto part = [&](std::string_view name) {
        return application.is_object() ? application.get_object().if_contains(name) : nullptr;
    };
    json::object own;
    for (const auto* name : {"id", "url", "applied_at", "updated_at", "status"})
        own[name] = part(name) && !part(name)->is_null() ? json::value(rest::plain_text(*part(name))) : "";
    json::object made{{"application", own},
                      {"applicant", texts_of(part("applicant"))},
                      {"job", texts_of(part("job"))},
                      {"stage", texts_of(part("stage"))},
                      {"status", own["status"]}};
    made["raw"] = part("raw") ? *part("raw") : json::value(json::object{});
    return made;
}

action_example read_action(config::reader& in)
{
    action_example made;
    made.action = in.required_text("action");
    if (const auto* argument = in.child("argument"))
        made.argument = config::to_json(*argument);
    if (const auto* application = in.require("application"))
        made.document = document_of(config::to_json(*application));
    made.document["marker"] = default_marker;
    if (const auto* more = in.child("document")) {
        config::reader of(*more, "\"document\"", in.library(), in.sources(), in.found());
        for (const auto& [name, value] : more->members) {
            of.ignore(name.text);
            made.document[name.text] = config::to_json(value);
        }
    }
    made.ask_first = in.flag("ask_first", false);
    if (const auto* again = in.child("again")) {
        made.again_where = again->where;
        const bool never = again->kind == config::node_kind::scalar && again->text == "never";
        made.repeat = never ? repetition::never : repetition::by_exchanges;
        if (!never)
            made.again = read_exchanges(*again, "\"again\"", in);
    }
    return made;
}

check_example read_check(const config::node& value, config::reader& of_example)
{
    check_example made;
    if (value.kind != config::node_kind::null) {
        config::reader in(value, "\"check\"", of_example.library(), of_example.sources(), of_example.found());
        for (const auto& [key, names] : value.members)
            for (const auto& name : in.texts(key.text))
                made.names.push_back({key.text == "stages" ? "" : key.text, name, key.where});
    }
    made.findings = kept(of_example.child("findings"));
    return made;
}

std::optional<example> read_example(const config::node& item, config::reader& parent)
{
    example made;
    config::reader in(item, "an example", parent.library(), parent.sources(), parent.found());
    made.name = in.required_text("name");
    made.where = made.outcome_where = item.where;
    if (const auto* exchanges = in.child("exchanges"))
        made.exchanges = read_exchanges(*exchanges, "\"exchanges\"", in);
    if (const auto* sign_in = in.child("sign_in"))
        made.sign_in = read_exchanges(*sign_in, "\"sign_in\"", in);
    if (const auto* outcome = in.child("outcome"))
        made.outcome_where = outcome->where;
    made.outcome = in.choice("outcome", "done", outcomes);
    made.says = in.text("says");
    const auto kinds = int{in.has("poll")} + int{in.has("action")} + int{in.has("check")};
    if (kinds != 1) {
        in.found().add(item.where, "an example has one of poll, action and check");
        for (const auto& [key, value] : item.members)
            in.ignore(key.text);
        return std::nullopt;
    }
    if (const auto* poll = in.child("poll"))
        made.what = read_poll(*poll, in);
    else if (const auto* check = in.child("check"))
        made.what = read_check(*check, in);
    else
        made.what = read_action(in);
    return made;
}

void read_credentials(const config::node& value, example_file& into, config::reader& parent)
{
    into.credentials_where = value.where;
    config::reader in(value, "\"credentials\"", parent.library(), parent.sources(), parent.found());
    for (const auto& [key, written] : value.members) {
        into.credential_positions[key.text] = key.where;
        into.credentials[key.text] = in.text(key.text);
    }
}

void read_every_request(const config::node& value, example_file& into, config::reader& parent)
{
    config::reader in(value, "\"every_request\"", parent.library(), parent.sources(), parent.found());
    if (const auto* headers = in.child("headers"))
        into.every_request_headers = *headers;
    if (const auto* query = in.child("query"))
        into.every_request_query = *query;
}

} // namespace

example_file read_examples(const config::node& tree, const std::string& path, config::problems& found)
{
    example_file made;
    made.path = path;
    made.credentials_where = tree.where;
    made.mapping.kind = config::node_kind::mapping;
    made.mapping.where = tree.where;
    const auto library = config::jq_library::create();
    config::reader in(tree, "the examples", *library, {}, found);
    if (const auto* credentials = in.child("credentials"))
        read_credentials(*credentials, made, in);
    if (const auto* mapping = in.child("mapping"))
        made.mapping = *mapping;
    if (const auto* every = in.child("every_request"))
        read_every_request(*every, made, in);
    if (const auto* sign_in = in.child("sign_in"))
        made.sign_in = read_exchanges(*sign_in, "\"sign_in\"", in);
    const auto* examples = in.require("examples");
    if (examples && examples->kind != config::node_kind::sequence)
        found.add(examples->where, "\"examples\" must be a list");
    if (examples)
        for (const auto& item : examples->items)
            if (auto one = read_example(item, in))
                made.examples.push_back(std::move(*one));
    return made;
}

} // namespace testdome_sync::examples
