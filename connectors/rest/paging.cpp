#include "connectors/rest/paging.hpp"

#include "connectors/http/oauth.hpp"
#include "connectors/http/url.hpp"
#include "connectors/rest/request_template.hpp"
#include "sync/events.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <charconv>
#include <set>

namespace testdome_sync::rest {
namespace json = boost::json;
using sync::errc;

namespace {

/// The target of `rel="next"` (RFC 8288 §3).
std::string next_link(const json::value& answer)
{
    const auto* header = answer.at("headers").as_object().if_contains("link");
    if (!header)
        return {};
    const std::string links(header->as_string());
    for (auto open = links.find('<'); open != std::string::npos; open = links.find('<', open + 1)) {
        const auto close = links.find('>', open);
        if (close == std::string::npos)
            return {};
        const auto parameters = links.substr(close, links.find('<', close) - close);
        if (parameters.find("rel=\"next\"") != std::string::npos || parameters.find("rel=next") != std::string::npos)
            return links.substr(open + 1, close - open - 1);
    }
    return {};
}

std::string without_query(const std::string& url)
{
    return url.substr(0, url.find('?'));
}

/// `url` with the parameters of `first` that it has no value for: filters that the HR system's own link forgets.
std::string with_query_of(std::string url, const std::string& first)
{
    const auto parts_of = [](const std::string& of) {
        std::vector<std::pair<std::string, std::string>> parts; // name as it is written, and the whole
        for (auto at = of.find('?'); at != std::string::npos && at + 1 < of.size();) {
            const auto end = std::min(of.find('&', at + 1), of.size());
            const auto one = of.substr(at + 1, end - at - 1);
            parts.emplace_back(http::percent_decoded(one.substr(0, one.find('='))), one);
            at = end < of.size() ? end : std::string::npos;
        }
        return parts;
    };
    std::set<std::string> there;
    for (const auto& [name, whole] : parts_of(url))
        there.insert(name);
    for (const auto& [name, whole] : parts_of(first))
        if (!there.contains(name))
            url += (url.find('?') == std::string::npos ? '?' : '&') + whole;
    return url;
}

/// The place `a.0.b` in a body, made where it is missing; null if something else than an object or list is in the way.
json::value* place_in(json::value& body, std::string_view path)
{
    auto* at = &body;
    for (;;) {
        const auto dot = path.find('.');
        const auto step = path.substr(0, dot);
        if (at->is_object()) {
            at = &at->as_object()[step];
        } else if (auto* list = at->if_array()) {
            std::size_t index = 0;
            const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
            if (error != std::errc{} || end != step.data() + step.size() || index >= list->size())
                return nullptr;
            at = &(*list)[index];
        } else {
            return nullptr;
        }
        if (dot == std::string_view::npos)
            return at;
        if (at->is_null())
            *at = json::object{};
        path.remove_prefix(dot + 1);
    }
}

bool set_in_body(http::request& order, const paging_description& paging, const std::string& value)
{
    boost::system::error_code not_json;
    auto body = order.body.empty() ? json::value(json::object{}) : json::parse(order.body, not_json);
    auto* place = not_json || !body.is_object() ? nullptr : place_in(body, paging.parameter);
    if (!place)
        return false;
    const bool number = paging.type == paging_type::offset || paging.type == paging_type::page;
    *place = number ? json::value(std::stoll(value)) : json::value(value);
    order.body = json::serialize(body);
    return true;
}

/// `/page/3`: the segment after the one that has the parameter's name, added at the end if there is none.
void set_in_path(std::string& url, const std::string& name, const std::string& value)
{
    const auto query = std::min(url.find('?'), url.size());
    const auto segment = '/' + http::percent_encoded(name) + '/';
    const auto at = url.rfind(segment, query);
    if (at == std::string::npos || at + segment.size() > query) {
        const bool slash = query > 0 && url[query - 1] == '/';
        url.insert(query, (slash ? segment.substr(1) : segment) + http::percent_encoded(value));
        return;
    }
    const auto begin = at + segment.size();
    url.replace(begin, std::min(url.find('/', begin), query) - begin, http::percent_encoded(value));
}

/// The request with one value changed or added where the HR system expects it. False if it can't be put there: the body
/// is a form, or no JSON object.
bool set_value(http::request& order, const paging_description& paging, const std::string& value)
{
    switch (paging.place) {
    case value_place::query:
        if (paging.only_parameter)
            order.url = without_query(order.url);
        set_query(order.url, paging.parameter, value);
        return true;
    case value_place::header: order.headers.set(paging.parameter, value); return true;
    case value_place::path: set_in_path(order.url, paging.parameter, value); return true;
    case value_place::body: return set_in_body(order, paging, value);
    }
    return false;
}

std::string no_place(const paging_description& paging)
{
    return '"' + paging.parameter + "\" belongs into the body, which is no JSON object, or has no such place";
}

/// What it takes to go from one page to the next.
class step {
public:
    step(const http::request& first, const http::request& current, const paging_description& paging,
         const json::value& answer, const progress& read)
        : first_(first), current_(current), paging_(paging), answer_(answer), read_(read)
    {
    }

    using outcome = sync::result<std::optional<http::request>>;

    outcome next() const
    {
        const auto goes_on = may_go_on();
        if (!goes_on)
            return goes_on.error();
        if (!*goes_on)
            return end();
        std::string value;
        if (paging_.next) {
            const auto found = paging_.next->first(answer_);
            if (!found)
                return not_understood(sync::printable(found.error().reason));
            value = found->is_null() ? std::string{} : plain_text(*found);
        }
        switch (paging_.type) {
        case paging_type::none: return end();
        case paging_type::link_header: return at(next_link(answer_));
        case paging_type::next_url: return at(value);
        case paging_type::cursor:
        case paging_type::since_id: return value.empty() ? end() : with(value);
        case paging_type::offset: return read_.page_rows == 0 ? end() : with(std::to_string(read_.all_rows));
        case paging_type::page: return read_.page_rows == 0 ? end() : with(std::to_string(paging_.first + read_.pages));
        }
        return end();
    }

private:
    static outcome end() { return std::optional<http::request>{}; }

    sync::failure not_understood(const std::string& why) const
    {
        return {errc::malformed, http::printable(current_) + ": the next page can't be told: " + why};
    }

    /// As far as `more`, `total` or the number of rows tell.
    sync::result<bool> may_go_on() const
    {
        if (paging_.more) {
            const auto more = paging_.more->test(answer_);
            if (!more)
                return not_understood(sync::printable(more.error().reason));
            if (!*more)
                return false;
        }
        if (paging_.total) {
            const auto total = paging_.total->first(answer_);
            if (!total || !total->is_number())
                return not_understood(total ? "\"total\" gives no number" : sync::printable(total.error().reason));
            if (static_cast<double>(read_.all_rows) >= total->to_number<double>())
                return false;
        }
        const bool told = paging_.more || paging_.total;
        return told || paging_.size == 0 || read_.page_rows >= static_cast<std::size_t>(paging_.size);
    }

    outcome at(const std::string& next) const
    {
        if (next.empty())
            return end();
        const auto url = http::resolved_url(current_.url, next);
        const auto to = url ? http::parse_url(*url) : std::nullopt;
        const auto from = http::parse_url(first_.url);
        if (!to || !from || to->origin() != from->origin())
            return not_understood("its address is at another host, which must not get our credentials");
        auto order = first_;
        order.url = paging_.keep_query ? with_query_of(*url, first_.url) : *url;
        return std::optional(std::move(order));
    }

    outcome with(const std::string& value) const
    {
        auto order = first_;
        if (!set_value(order, paging_, value))
            return not_understood(no_place(paging_));
        return std::optional(std::move(order));
    }

    const http::request& first_;
    const http::request& current_;
    const paging_description& paging_;
    const json::value& answer_;
    const progress& read_;
};

} // namespace

sync::result<http::request> first_page(http::request order, const paging_description& paging)
{
    if (paging.type == paging_type::page && !set_value(order, paging, std::to_string(paging.first)))
        return sync::failure{errc::malformed, http::printable(order) + ": " + no_place(paging)};
    return order;
}

sync::result<std::optional<http::request>> next_page(const http::request& first, const http::request& current,
                                                     const paging_description& paging, const json::value& answer,
                                                     const progress& read)
{
    return step(first, current, paging, answer, read).next();
}

} // namespace testdome_sync::rest
