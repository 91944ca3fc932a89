#include "connectors/rest/lookups.hpp"

#include "sync/events.hpp"

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

/// Answers that are kept: stages of many jobs, tags. What is too old goes first.
constexpr std::size_t answers_limit = 500;

} // namespace

asio::awaitable<sync::result<json::object>> lookup_reader::document()
{
    const auto& wanted = hr_system_.described().lookups;
    if (wanted.empty())
        co_return hr_system_.document();
    config::jq_document made(hr_system_.document());
    auto looked_up = co_await look_up(wanted, made);
    if (!looked_up)
        co_return looked_up.error();
    co_return made.object();
}

asio::awaitable<sync::result<void>> lookup_reader::look_up(const std::vector<lookup_description>& wanted,
                                                           config::jq_document& document,
                                                           std::optional<sync::monotonic_time> leave_by)
{
    for (const auto& one : wanted) {
        auto looked_up = co_await look_up(one, document, leave_by);
        if (!looked_up)
            co_return looked_up.error();
    }
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<json::array>> lookup_reader::pages_of(outgoing order, const paging_description& paging)
{
    json::array pages;
    const auto take = [&](hr_answer& page) -> sync::result<caller::taken> {
        auto& body = page.document.as_object()["body"];
        if (page.meaning == verdict::forget_cursor)
            return sync::failure{errc::refused, "a look-up has no cursor that could be forgotten"};
        if (body.is_null())
            return caller::taken{0, false};
        const auto* rows = body.if_array();
        caller::taken read{rows ? rows->size() : 1, false};
        pages.push_back(body);
        return read;
    };
    auto read = co_await hr_system_.read_pages(std::move(order), paging, http::effect::reads, take);
    if (!read)
        co_return read.error();
    co_return pages;
}

asio::awaitable<sync::result<json::array>> lookup_reader::ask(const lookup_description& wanted, outgoing order,
                                                              std::string identity)
{
    const auto known = answers_.find(identity);
    if (known != answers_.end() && known->second.until > clock_.now())
        co_return known->second.pages;
    auto pages = co_await pages_of(std::move(order), wanted.paging);
    if (!pages)
        co_return pages.error();
    if (wanted.cache.count() > 0) {
        if (answers_.size() >= answers_limit)
            std::erase_if(answers_, [&](const auto& one) { return one.second.until <= clock_.now(); });
        if (answers_.size() >= answers_limit)
            answers_.clear();
        answers_[identity] = {*pages, clock_.now() + wanted.cache};
    }
    co_return std::move(*pages);
}

json::object lookup_reader::common_part(const config::jq_document& document) const
{
    auto common = hr_system_.document();
    const auto& looked_up = document.object().at("lookup").as_object();
    for (const auto& one : hr_system_.described().lookups)
        if (const auto* value = looked_up.if_contains(one.name))
            common["lookup"].as_object()[one.name] = *value;
    return common;
}

asio::awaitable<sync::result<void>> lookup_reader::look_up(const lookup_description& wanted,
                                                           config::jq_document& document,
                                                           std::optional<sync::monotonic_time> leave_by)
{
    const auto failed = [](const config::jq_expression& at, const config::evaluation_failure& why) {
        return sync::failure{errc::refused, at.where().text() + ": " + sync::printable(why.reason)};
    };
    const auto is_known_as = [&](json::value value) {
        auto all = document.object().at("lookup");
        all.as_object()[wanted.name] = std::move(value);
        document.set("lookup", std::move(all));
    };
    is_known_as(nullptr);
    if (wanted.when) {
        const auto asked = wanted.when->test(document);
        if (!asked)
            co_return failed(*wanted.when, asked.error());
        if (!*asked)
            co_return sync::result<void>{};
    }
    std::string identity;
    json::array pages;
    if (wanted.batch) {
        auto id = wanted.batch->id.first(document);
        if (!id)
            co_return failed(wanted.batch->id, id.error());
        auto rows = co_await batched_.rows_of(wanted, std::move(*id), common_part(document), leave_by);
        if (!rows)
            co_return rows.error();
        pages.push_back(std::move(*rows));
    } else if (wanted.request) {
        auto order = rendered(*wanted.request, hr_system_.described(), document);
        if (!order)
            co_return order.error();
        order->request.leave_by = leave_by;
        identity = wanted.name + ' ' + order->request.method + ' ' + order->request.url + ' ' + order->request.body;
        auto answered = co_await ask(wanted, std::move(*order), identity);
        if (!answered)
            co_return answered.error();
        pages = std::move(*answered);
    }
    document.set("pages", std::move(pages));
    auto value = wanted.value.first(document);
    document.erase("pages");
    if (!value)
        co_return failed(wanted.value, value.error());
    if (value->is_null() && !wanted.missing.empty()) {
        answers_.erase(identity); // it may be there the next time
        co_return sync::failure{errc::not_found, wanted.missing};
    }
    is_known_as(std::move(*value));
    co_return sync::result<void>{};
}

} // namespace testdome_sync::rest
