#include "connectors/rest/request_template.hpp"

#include "connectors/http/oauth.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

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
    const auto set_type = [&](const char* type) {
        if (!order.headers.find("Content-Type"))
            order.headers.set("Content-Type", type);
    };
    if (!made.form.empty()) {
        const auto form = form_of(made, document);
        if (!form)
            return form.error();
        order.body = *form;
        set_type("application/x-www-form-urlencoded");
    } else if (made.text) {
        const auto text = made.text->render(document);
        if (!text)
            return about("text", text.error());
        order.body = *text;
        set_type("text/plain; charset=utf-8");
    } else if (made.body) {
        const auto body = made.body->render(document);
        if (!body)
            return about("body", body.error());
        if (!body->is_null())
            order.body = json::serialize(*body); // its type may be the description's own
    }
    return {};
}

config::evaluated<void> add_headers(http::request& order, const request_template& made,
                                    const config::jq_document& document)
{
    for (const auto& [name, value] : made.headers) {
        const auto rendered = value.render(document);
        if (!rendered)
            return about(name, rendered.error());
        const auto text = header_text(*rendered);
        if (!text)
            return about(name, text.error());
        if (!rendered->is_null())
            order.headers.set(name, *text);
    }
    return {};
}

} // namespace

std::string plain_text(const json::value& value)
{
    if (value.is_string())
        return std::string(value.get_string());
    return value.is_int64() ? std::to_string(value.get_int64()) : json::serialize(value); // mostly identifiers
}

config::evaluated<std::string> header_text(const json::value& value)
{
    std::string text;
    each_value(value, [&](const std::string& one) { text += (text.empty() ? "" : ", ") + one; });
    const bool fits = std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
    if (!fits)
        return config::evaluation_failure{"a header can't hold a line break or another control character"};
    return config::evaluated<std::string>(boost::system::in_place_value, std::move(text));
}

void set_query(std::string& url, const std::string& name, const std::string& value)
{
    const auto start = url.find('?');
    if (start != std::string::npos) {
        std::string rest = url.substr(start + 1);
        url.erase(start);
        const auto prefix = http::percent_encoded(name) + '=';
        for (std::size_t begin = 0; begin <= rest.size();) {
            const auto end = std::min(rest.find('&', begin), rest.size());
            const auto one = rest.substr(begin, end - begin);
            if (!one.empty() && !one.starts_with(prefix))
                url += (url.find('?') == std::string::npos ? '?' : '&') + one;
            begin = end + 1;
        }
    }
    add_query(url, name, value);
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
    for (const auto& [key, member] : value.members) {
        auto written = member; // 2.0 is sent as it is written, not as a number would be: 2E0
        written.quoted = written.quoted || (member.kind == config::node_kind::scalar && member.tag.empty() &&
                                            config::to_json(member).is_double());
        pairs.emplace_back(key.text, config::json_template(written, parent.library(), parent.found()));
    }
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
        made.headers = read_pairs(*headers, "\"headers\"", in);
    made.body = in.json_parts("body");
    if (const auto* form = in.child("form"))
        made.form = read_pairs(*form, "\"form\"", in);
    made.text = in.text_parts("text");
    if ((made.body ? 1 : 0) + (made.form.empty() ? 0 : 1) + (made.text ? 1 : 0) > 1)
        in.found().add(value.where, what + " has either a body, a form or a text");
    made.cost = static_cast<double>(in.number("cost", 1, 0, 1000));
    if (const auto* answer = in.child("answer"))
        made.answer = read_answer(*answer, in);
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
    order.cost = made.cost;
    const auto headers = add_headers(order, made, document);
    if (!headers)
        return headers.error();
    const auto body = add_body(order, made, document);
    if (!body)
        return body.error();
    return order;
}

} // namespace testdome_sync::rest
