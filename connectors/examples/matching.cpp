#include "connectors/examples/matching.hpp"

#include "connectors/examples/differences.hpp"
#include "connectors/rest/request_template.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <map>

namespace testdome_sync::examples {
namespace json = boost::json;
namespace urls = boost::urls;
namespace {

using values = std::map<std::string, std::vector<std::string>>;

std::string without_query(const std::string& url)
{
    return url.substr(0, url.find('?'));
}

/// Names and values of `a=1&b=2`, decoded.
values values_in(const std::string& query)
{
    values all;
    if (query.empty())
        return all;
    const auto text = "/?" + query; // what is parsed refers to it
    const auto parsed = urls::parse_uri_reference(text);
    if (!parsed)
        return {{query, {""}}};
    urls::encoding_opts decoding;
    decoding.space_as_plus = true;
    for (const auto& one : parsed->params(decoding))
        all[one.key].push_back(one.value);
    return all;
}

std::string query_of(const std::string& url)
{
    const auto mark = url.find('?');
    return mark == std::string::npos ? std::string{} : url.substr(mark + 1);
}

void add_values(const config::node& node, values& into)
{
    for (const auto& [name, value] : node.members) {
        const auto meant = config::to_json(value);
        if (meant.is_null())
            continue;
        if (!meant.is_array()) {
            into[name.text].push_back(rest::plain_text(meant));
            continue;
        }
        for (const auto& one : meant.get_array())
            into[name.text].push_back(rest::plain_text(one));
    }
}

/// As an example has it: a list where a name has several values.
json::object object_of(const values& all)
{
    json::object made;
    for (const auto& [name, texts] : all) {
        if (texts.size() == 1)
            made[name] = texts.front();
        else
            made[name] = json::array(texts.begin(), texts.end());
    }
    return made;
}

std::string shown(const std::vector<std::string>& texts)
{
    std::string all;
    for (const auto& text : texts)
        all += (all.empty() ? "\"" : ", \"") + text + '"';
    return all;
}

const config::position& position_of(const config::node& node, const std::string& name, const config::position& other)
{
    const auto* member = node.find(name);
    return member ? member->where : other;
}

void compare_values(const values& expected, const values& sent, const std::string& what, const config::node& written,
                    const config::position& where, config::problems& found)
{
    for (const auto& [name, texts] : expected) {
        const auto there = sent.find(name);
        const auto& at = position_of(written, name, where);
        if (there == sent.end())
            found.add(at, what + ' ' + name + " is not sent");
        else if (there->second != texts)
            found.add(at, what + ' ' + name + " is " + shown(there->second) + " instead of " + shown(texts));
    }
    for (const auto& [name, texts] : sent)
        if (!expected.contains(name))
            found.add(where, what + ' ' + name + " is " + shown(texts) + ", which the example doesn't have");
}

void compare_headers(const config::node& expected, const http::request& sent, const config::position& where,
                     config::problems& found)
{
    for (const auto& [name, value] : expected.members) {
        const auto there = sent.headers.find(name.text);
        const auto& at = value.where.file ? value.where : where;
        if (!there)
            found.add(at, "header " + name.text + " is not sent");
        else if (*there != value.text)
            found.add(at,
                      "header " + name.text + " is \"" + std::string(*there) + "\" instead of \"" + value.text + '"');
    }
}

void compare_body(const exchange& expected, const http::request& sent, config::problems& found)
{
    if (expected.form.kind == config::node_kind::mapping) {
        values wanted;
        add_values(expected.form, wanted);
        return compare_values(wanted, values_in(sent.body), "form field", expected.form, expected.form.where, found);
    }
    if (expected.text) {
        if (sent.body != expected.text->text)
            found.add(expected.text->where, "the body is \"" + sent.body.substr(0, 300) + '"');
        return;
    }
    if (!expected.body.where.file) {
        if (!sent.body.empty())
            found.add(expected.where, "a body is sent, which the example doesn't have: " + sent.body.substr(0, 300));
        return;
    }
    boost::system::error_code not_json;
    const auto body = json::parse(sent.body, not_json);
    if (not_json)
        found.add(expected.body.where, "the body is no JSON: " + sent.body.substr(0, 300));
    else
        report_differences(expected.body, body, "body", {}, found);
}

} // namespace

bool same_target(const exchange& expected, const http::request& sent, const std::string& base_url)
{
    const auto url = expected.path.starts_with("https://") ? expected.path : base_url + expected.path;
    return expected.method == sent.method && without_query(url) == without_query(sent.url);
}

void report_differences(const exchange& expected, const http::request& sent, const request_context& context,
                        config::problems& found)
{
    if (!same_target(expected, sent, context.base_url)) {
        found.add(expected.where, "another request is sent: " + as_written(sent, context));
        return;
    }
    auto wanted = values_in(query_of(expected.path));
    add_values(expected.query, wanted);
    add_values(context.every_query, wanted);
    compare_values(wanted, values_in(query_of(sent.url)), "query parameter", expected.query, expected.where, found);
    compare_headers(context.every_headers, sent, expected.where, found);
    compare_headers(expected.headers, sent, expected.where, found);
    compare_body(expected, sent, found);
}

std::string as_written(const http::request& sent, const request_context& context)
{
    const auto target = without_query(sent.url);
    const bool below = target.starts_with(context.base_url + '/');
    json::object request{{"method", sent.method}, {"path", below ? target.substr(context.base_url.size()) : target}};
    auto query = object_of(values_in(query_of(sent.url)));
    for (const auto& member : context.every_query.members)
        query.erase(member.key.text);
    if (!query.empty())
        request["query"] = std::move(query);
    boost::system::error_code not_json;
    if (auto body = json::parse(sent.body, not_json); !not_json)
        request["body"] = std::move(body);
    else if (sent.headers.find("Content-Type") == "application/x-www-form-urlencoded")
        request["form"] = object_of(values_in(sent.body));
    else if (!sent.body.empty())
        request["text"] = sent.body;
    return json::serialize(json::object{{"request", std::move(request)}});
}

} // namespace testdome_sync::examples
