#include "connectors/rest/caller.hpp"

#include "connectors/http/masking.hpp"
#include "sync/application.hpp"
#include "sync/events.hpp"

#include <algorithm>
#include <set>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

constexpr int pages_limit = 10'000;

} // namespace

sync::result<outgoing> rendered(const request_template& made, const description& described,
                                const config::jq_document& document)
{
    auto order = render(made, described.url, document);
    if (!order)
        return sync::failure{errc::refused, "the request can't be made: " + sync::printable(order.error().reason)};
    outgoing ready{std::move(*order), nullptr, {}};
    if (made.answer) {
        ready.answer = &*made.answer;
        ready.context = document.object();
    }
    return ready;
}

caller::caller(const description& described, http::transport& network, sync::clock& clock, sync::random_source& random,
               sync::event_sink& events, const connector_access& access)
    : described_(described), clock_(clock), secrets_(secrets_of(described)),
      service_(std::make_unique<http::service>(network, clock, random, events,
                                               create_signer(described, network, clock, random, events, access),
                                               described.service, budget_of(described, clock, access)))
{
}

json::object caller::document() const
{
    return {{"credentials", described_.credentials}, {"lookup", json::object{}}, {"now", sync::to_text(clock_.wall())}};
}

sync::failure caller::without_secrets(sync::failure why) const
{
    why.detail = http::without(std::move(why.detail), secrets_);
    return why;
}

sync::result<void> caller::add_headers(http::request& order) const
{
    const config::jq_document seen(json::object{{"credentials", described_.credentials}});
    for (const auto& [name, value] : described_.headers) {
        if (order.headers.find(name) || (name == "Content-Type" && order.body.empty()))
            continue;
        const auto made = value.render(seen);
        const auto text = made ? header_text(*made) : config::evaluated<std::string>(made.error());
        if (!text)
            return sync::failure{errc::refused, "header " + name + ": " + sync::printable(text.error().reason)};
        if (!made->is_null())
            order.headers.set(name, *text);
    }
    if (!order.headers.find("Accept"))
        order.headers.set("Accept", "application/json");
    if (!order.body.empty() && !order.headers.find("Content-Type"))
        order.headers.set("Content-Type", "application/json");
    return {};
}

asio::awaitable<sync::result<hr_answer>> caller::call(outgoing order, http::effect kind)
{
    if (const auto added = add_headers(order.request); !added)
        co_return added.error();
    order.request.deadline = described_.timeout;
    order.request.follow = kind == http::effect::reads ? http::redirects::same_origin : http::redirects::refuse;
    answer_reader reader(described_, order, kind);
    auto request = order.request;
    auto look = [&](const http::response& one) { return reader.first_look(one); };
    auto told = co_await service_->call(std::move(request), kind, look);
    if (!told)
        co_return without_secrets(told.error());
    auto understood = reader.understood(*told);
    if (!understood)
        co_return without_secrets(understood.error());
    co_return std::move(*understood);
}

asio::awaitable<sync::result<void>> caller::read_pages(outgoing first, const paging_description& paging,
                                                       http::effect kind, take_page take, after_page after)
{
    auto begun = first_page(first.request, paging);
    if (!begun)
        co_return begun.error();
    auto current = std::move(*begun);
    std::set<std::string> seen{current.url + current.body};
    progress read;
    while (++read.pages <= pages_limit) {
        outgoing order{current, first.answer, first.context};
        auto page = co_await call(std::move(order), kind);
        if (!page)
            co_return page.error();
        const auto came = take(*page);
        if (!came)
            co_return came.error();
        if (came->stop || page->meaning != verdict::success)
            co_return sync::result<void>{};
        if (after) {
            const auto done = co_await after();
            if (!done)
                co_return done.error();
        }
        read.page_rows = came->rows;
        if (paging.rows) {
            const auto rows = paging.rows->first(page->document);
            if (!rows || !rows->is_number())
                co_return sync::failure{errc::malformed,
                                        http::printable(current) + ": \"rows\" gives no number of rows"};
            read.page_rows = static_cast<std::size_t>(std::clamp(rows->to_number<double>(), 0.0, 1e9));
        }
        read.all_rows += read.page_rows;
        auto next = next_page(first.request, current, paging, page->document, read);
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
    co_return sync::failure{errc::malformed, http::printable(first.request) + ": the list does not end"};
}

} // namespace testdome_sync::rest
