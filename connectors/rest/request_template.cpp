#include "connectors/rest/request_template.hpp"

#include "connectors/http/oauth.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace testdome_sync::rest {
namespace json = boost::json;
namespace {

config::evaluation_failure about(const std::string& name, const config::evaluation_failure& failure)
{
    return {"\"" + name + "\": " + failure.reason};
}

template <class Take>
void each_value(const json::value& value, Take take)
{
    if (value.is_null())
        return;
    if (!value.is_array())
        return take(plain_text(value));
    for (const auto& one : value.get_array())
        if (!one.is_null())
            take(plain_text(one));
}

config::evaluated<std::string> form_of(const request_template& made, const config::jq_document& document)
{
    std::string form;
    for (const auto& [name, value] : made.form) {
        const auto rendered = value.render(document);
        if (!rendered)
            return about(name, rendered.error());
        each_value(*rendered, [&, &key = name](const std::string& text) {
            form += (form.empty() ? "" : "&") + http::form_encoded(key) + '=' + http::form_encoded(text);
        });
    }
    return config::evaluated<std::string>(boost::system::in_place_value, std::move(form));
}

config::evaluated<void> add_body(http::request& order, const request_template& made,
                                 const config::jq_document& document)
{
    if (!made.form.empty()) {
        const auto form = form_of(made, document);
        if (!form)
            return form.error();
        order.body = *form;
        order.headers.set("Content-Type", "application/x-www-form-urlencoded");
    } else if (made.body) {
        const auto body = made.body->render(document);
        if (!body)
            return about("body", body.error());
        order.body = json::serialize(*body);
        if (!order.headers.find("Content-Type"))
            order.headers.set("Content-Type", "application/json");
    }
    return {};
}

} // namespace

std::string plain_text(const json::value& value)
{
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

void add_query(std::string& url, const std::string& name, const std::string& value)
{
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += http::percent_encoded(name) + '=' + http::percent_encoded(value);
}

std::vector<std::pair<std::string, config::json_template>> read_pairs(const config::node& value,
                                                                      const std::string& what, config::reader& parent)
{
    std::vector<std::pair<std::string, config::json_template>> pairs;
    if (value.kind != config::node_kind::mapping)
        parent.found().add(value.where, what + " must be a mapping of names to values");
    for (const auto& [key, member] : value.members)
        pairs.emplace_back(key.text, config::json_template(member, parent.library(), parent.found()));
    return pairs;
}

request_template read_request(const config::node& value, const std::string& what, const std::string& method,
                              config::reader& parent)
{
    request_template made;
    config::reader in(value, what, parent.library(), parent.sources(), parent.found());
    made.method = in.choice("method", method, {"GET", "POST", "PUT", "PATCH", "DELETE"});
    if (in.require("path"))
        made.path = in.text_parts("path").value_or(config::text_template{});
    if (const auto* query = in.child("query"))
        made.query = read_pairs(*query, "\"query\"", in);
    if (const auto* headers = in.child("headers"))
        for (const auto& [key, member] : headers->members)
            made.headers.emplace_back(key.text, config::text_template(member, in.library(), in.found()));
    made.body = in.json_parts("body");
    if (const auto* form = in.child("form"))
        made.form = read_pairs(*form, "\"form\"", in);
    if (made.body && !made.form.empty())
        in.found().add(value.where, what + " has either a body or a form");
    return made;
}

config::evaluated<http::request> render(const request_template& made, const std::string& base,
                                        const config::jq_document& document)
{
    http::request order;
    order.method = made.method;
    const auto path = made.path.render(document, http::percent_encoded);
    if (!path)
        return about("path", path.error());
    order.url = path->starts_with("https://") ? *path : base + *path;
    for (const auto& [name, value] : made.query) {
        const auto rendered = value.render(document);
        if (!rendered)
            return about(name, rendered.error());
        each_value(*rendered, [&, &key = name](const std::string& text) { add_query(order.url, key, text); });
    }
    for (const auto& [name, value] : made.headers) {
        const auto rendered = value.render(document);
        if (!rendered)
            return about(name, rendered.error());
        order.headers.set(name, *rendered);
    }
    const auto body = add_body(order, made, document);
    if (!body)
        return body.error();
    return order;
}

} // namespace testdome_sync::rest
