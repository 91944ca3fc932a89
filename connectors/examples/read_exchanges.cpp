#include "connectors/examples/example.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::examples {
namespace json = boost::json;
namespace {

void keep(const config::node* value, config::node& into, const std::string& what, config::reader& in)
{
    if (!value)
        return;
    if (value->kind != config::node_kind::mapping)
        in.found().add(value->where, what + " must be a mapping of names to values");
    into = *value;
}

void read_request(const config::node& value, exchange& into, config::reader& parent)
{
    config::reader in(value, "the request of an example", parent.library(), parent.sources(), parent.found());
    into.method = in.choice("method", "GET", {"GET", "POST", "PUT", "PATCH", "DELETE"});
    into.path = in.required_text("path");
    const bool absolute = into.path.starts_with("https://");
    if (!into.path.empty() && !absolute && into.path.front() != '/')
        in.found().add(in.child("path")->where, "\"path\" begins with / (below the preset's url), or is a whole URL");
    keep(in.child("query"), into.query, "\"query\"", in);
    keep(in.child("headers"), into.headers, "\"headers\"", in);
    keep(in.child("form"), into.form, "\"form\"", in);
    if (const auto* body = in.child("body"))
        into.body = *body;
    if (const auto* text = in.child("text"))
        into.text = *text;
    if (int{in.has("body")} + int{in.has("form")} + int{in.has("text")} > 1)
        in.found().add(value.where, in.what() + " has one of body, form and text");
}

/// `answer: 204` is a status without a body.
http::response read_answer(const config::node& value, config::reader& parent)
{
    http::response made;
    if (value.kind == config::node_kind::scalar) {
        const auto status = config::to_json(value);
        made.status = status.is_int64() && status.get_int64() >= 100 && status.get_int64() <= 599
                          ? static_cast<int>(status.get_int64())
                          : 0;
        if (made.status == 0)
            parent.found().add(value.where, "\"answer\" is a status such as 204, or has status, headers and body");
        return made;
    }
    config::reader in(value, "the answer of an example", parent.library(), parent.sources(), parent.found());
    made.status = static_cast<int>(in.number("status", 200, 100, 599));
    if (const auto* headers = in.child("headers"))
        for (const auto& [name, text] : headers->members)
            made.headers.add(name.text, text.text);
    const auto* body = in.child("body");
    made.body = body ? json::serialize(config::to_json(*body)) : in.text("text");
    if (body && in.has("text"))
        in.found().add(value.where, in.what() + " has either a body or a text");
    if (!made.headers.find("Content-Type") && !made.body.empty())
        made.headers.set("Content-Type", body ? "application/json" : "text/html");
    return made;
}

} // namespace

std::vector<exchange> read_exchanges(const config::node& list, const std::string& what, config::reader& parent)
{
    std::vector<exchange> all;
    if (list.kind == config::node_kind::null)
        return all;
    if (list.kind != config::node_kind::sequence) {
        parent.found().add(list.where, what + " must be a list of requests, each with its answer");
        return all;
    }
    for (const auto& item : list.items) {
        exchange one;
        one.where = item.where;
        config::reader in(item, "an exchange", parent.library(), parent.sources(), parent.found());
        if (const auto* request = in.require("request"))
            read_request(*request, one, in);
        if (const auto* answer = in.require("answer"))
            one.answer = read_answer(*answer, in);
        if (in.has("carried_out"))
            one.carried_out = in.flag("carried_out", true);
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace testdome_sync::examples
