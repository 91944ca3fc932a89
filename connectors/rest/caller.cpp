#include "connectors/rest/caller.hpp"

#include "connectors/http/oauth.hpp"
#include "connectors/http/url.hpp"
#include "connectors/rest/signing.hpp"
#include "sync/events.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <set>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

constexpr int pages_limit = 10'000;

json::object lower_case(const http::fields& headers)
{
    json::object named;
    for (const auto& [name, value] : headers.list()) {
        std::string key = name;
        std::ranges::transform(key, key.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        named[key] = value;
    }
    return named;
}

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

/// The request with one value changed or added where the HR system expects it. False if it can't be put there: the body
/// is a form, or no JSON object.
bool set_value(http::request& order, const http::request& first, const paging_description& paging,
               const std::string& value)
{
    switch (paging.place) {
    case value_place::query:
        order.url = paging.only_parameter ? without_query(first.url) : first.url;
        add_query(order.url, paging.parameter, value);
        return true;
    case value_place::header: order.headers.set(paging.parameter, value); return true;
    case value_place::body: {
        boost::system::error_code not_json;
        auto body = first.body.empty() ? json::value(json::object{}) : json::parse(first.body, not_json);
        if (not_json || !body.is_object())
            return false;
        const bool number = paging.type == paging_type::offset || paging.type == paging_type::page;
        body.as_object()[paging.parameter] = number ? json::value(std::stoll(value)) : json::value(value);
        order.body = json::serialize(body);
        return true;
    }
    }
    return false;
}

} // namespace

sync::result<http::request> rendered(const request_template& made, const description& described,
                                     const json::value& document)
{
    auto order = render(made, described.url, document);
    if (!order)
        return sync::failure{errc::refused, "the request can't be made: " + sync::printable(order.error().reason)};
    return std::move(*order);
}

caller::caller(const description& described, http::transport& network, sync::clock& clock, sync::random_source& random,
               sync::event_sink& events)
    : described_(described),
      service_(std::make_unique<http::service>(
          network, clock, random, events, create_signer(described, network, clock, random, events), described.service))
{
}

asio::awaitable<sync::result<json::value>> caller::call(http::request order, http::effect kind)
{
    if (!order.headers.find("Accept"))
        order.headers.set("Accept", "application/json");
    const json::value document{{"credentials", described_.credentials}};
    for (const auto& [name, value] : described_.headers) {
        const auto text = value.render(document);
        if (!text)
            co_return sync::failure{errc::refused, "header " + name + ": " + sync::printable(text.error().reason)};
        if (!order.headers.find(name))
            order.headers.set(name, *text);
    }
    order.deadline = described_.timeout;
    order.follow = kind == http::effect::reads ? http::redirects::same_origin : http::redirects::refuse;
    const auto sent = order;
    auto answer = co_await service_->call(std::move(order), kind);
    if (!answer)
        co_return answer.error();
    co_return understood(sent, *answer, kind);
}

sync::result<json::value> caller::understood(const http::request& sent, const http::response& answer,
                                             http::effect kind) const
{
    json::object document{{"status", answer.status}, {"headers", lower_case(answer.headers)}, {"body", nullptr}};
    const bool nothing_new = answer.status == 304;
    if (!nothing_new && (answer.status < 200 || answer.status > 299))
        return http::failure_of(sent, answer, kind);
    const auto blank = answer.body.find_first_not_of(" \t\r\n") == std::string::npos;
    if (blank)
        return json::value(std::move(document));
    boost::system::error_code not_json;
    document["body"] = json::parse(answer.body, not_json);
    if (not_json) {
        // To a write that was accepted, words that aren't JSON are as good as none; from a question, they answer
        // nothing.
        const bool html = answer.body[answer.body.find_first_not_of(" \t\r\n")] == '<';
        if (kind == http::effect::changes && !html)
            return json::value(std::move(document));
        return sync::failure{kind == http::effect::reads ? errc::malformed : errc::outcome_unknown,
                             http::printable(sent) + ": answered " + std::to_string(answer.status) +
                                 (html ? " with HTML" : " without JSON")};
    }
    if (!described_.success)
        return json::value(std::move(document));
    const json::value seen(std::move(document));
    const auto well = described_.success->test(seen);
    if (well && *well)
        return seen;
    const auto why =
        described_.error ? described_.error->first(seen) : config::evaluated<json::value>(json::value(nullptr));
    const auto text = why && !why->is_null() ? ": \"" + sync::printable(plain_text(*why)) + '"' : std::string{};
    return sync::failure{errc::refused, http::printable(sent) + ": the answer says that it failed" + text};
}

sync::result<std::optional<http::request>> caller::next_page(const http::request& first, const http::request& current,
                                                             const paging_description& paging,
                                                             const json::value& answer, std::size_t rows,
                                                             long long page) const
{
    const auto not_understood = [&](const std::string& why) {
        return sync::failure{errc::malformed, http::printable(current) + ": the next page can't be told: " + why};
    };
    const auto no_place = [&] {
        return not_understood('"' + paging.parameter + "\" belongs into the body, which is no JSON object");
    };
    std::string next;
    if (paging.more) {
        const auto more = paging.more->test(answer);
        if (!more)
            return not_understood(sync::printable(more.error().reason));
        if (!*more)
            return std::optional<http::request>{};
    }
    if (paging.next) {
        const auto value = paging.next->first(answer);
        if (!value)
            return not_understood(sync::printable(value.error().reason));
        next = value->is_null() ? std::string{} : plain_text(*value);
    }
    auto order = first;
    switch (paging.type) {
    case paging_type::none: return std::optional<http::request>{};
    case paging_type::link_header: next = next_link(answer); [[fallthrough]];
    case paging_type::next_url: {
        if (next.empty())
            return std::optional<http::request>{};
        const auto url = http::resolved_url(current.url, next);
        const auto to = url ? http::parse_url(*url) : std::nullopt;
        const auto from = http::parse_url(first.url);
        if (!to || !from || to->origin() != from->origin())
            return not_understood("its address is at another host, which must not get our credentials");
        order.url = *url;
        return std::optional(std::move(order));
    }
    case paging_type::cursor:
    case paging_type::since_id:
        if (next.empty() || (paging.size > 0 && rows < static_cast<std::size_t>(paging.size)))
            return std::optional<http::request>{};
        if (!set_value(order, first, paging, next))
            return no_place();
        return std::optional(std::move(order));
    case paging_type::offset:
    case paging_type::page: {
        const bool full = paging.size == 0 || rows >= static_cast<std::size_t>(paging.size);
        if (!full || rows == 0)
            return std::optional<http::request>{};
        const auto number = paging.type == paging_type::offset ? page * paging.size : paging.first + page;
        if (!set_value(order, first, paging, std::to_string(number)))
            return no_place();
        return std::optional(std::move(order));
    }
    }
    return std::optional<http::request>{};
}

asio::awaitable<sync::result<void>> caller::read_pages(http::request first, const paging_description& paging,
                                                       http::effect kind, take_page take)
{
    auto current = first;
    if (paging.type == paging_type::page && paging.place == value_place::query)
        add_query(current.url, paging.parameter, std::to_string(paging.first));
    std::set<std::string> seen{current.url + current.body};
    for (long long page = 1; page <= pages_limit; ++page) {
        auto order = current;
        auto answer = co_await call(std::move(order), kind);
        if (!answer)
            co_return answer.error();
        const auto read = take(*answer);
        if (!read)
            co_return read.error();
        if (read->stop)
            co_return sync::result<void>{};
        auto next = next_page(first, current, paging, *answer, read->rows, page);
        if (!next)
            co_return next.error();
        if (!*next)
            co_return sync::result<void>{};
        current = std::move(**next);
        std::string identity = current.url + current.body;
        if (paging.place == value_place::header)
            identity += current.headers.find(paging.parameter).value_or("");
        if (!seen.insert(std::move(identity)).second)
            co_return sync::failure{errc::malformed,
                                    http::printable(current) + ": the list leads back to a page that was read already"};
    }
    co_return sync::failure{errc::malformed, http::printable(first) + ": the list does not end"};
}

} // namespace testdome_sync::rest
