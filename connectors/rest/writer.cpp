#include "connectors/rest/writer.hpp"

#include "sync/events.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

/// A question failed, so nothing was sent: whatever became of the question, the action was not carried out.
sync::failure before_sending(sync::failure why)
{
    if (why.code == errc::outcome_unknown || why.code == errc::malformed)
        why.code = errc::not_sent;
    return why;
}

} // namespace

sync::repeatability action_writer::repeats(const std::string& name) const
{
    const auto& actions = hr_system_.described().actions;
    const auto action = actions.find(name);
    if (action == actions.end() || action->second.idempotent)
        return sync::repeatability::idempotent;
    return action->second.already ? sync::repeatability::checkable : sync::repeatability::uncertain;
}

std::chrono::seconds action_writer::longest_write() const
{
    const auto& described = hr_system_.described();
    std::size_t most = 0;
    for (const auto& [name, action] : described.actions)
        most = std::max(most, action.lookups.size());
    const auto requests = static_cast<double>(most + 2); // `already:` and the action itself
    const std::chrono::duration<double> turns{requests / described.service.per_second};
    return (static_cast<int>(most) + 2) * described.timeout + std::chrono::ceil<std::chrono::seconds>(turns);
}

asio::awaitable<sync::result<sync::write_outcome>> action_writer::write(sync::write_order order)
{
    const auto& described = hr_system_.described();
    const auto leave_by = clock_.now() + longest_write() - described.timeout;
    const auto found = described.actions.find(order.action);
    if (found == described.actions.end())
        co_return sync::failure{errc::unsupported, "this HR system has no action \"" + order.action + '"'};
    const auto& action = found->second;
    auto document = std::move(order.document);
    document["argument"] = std::move(order.argument);
    document["credentials"] = described.credentials;
    document["lookup"] = json::object{};
    for (const auto& wanted : action.lookups) {
        auto looked_up = co_await look_up(wanted, document);
        if (!looked_up)
            co_return before_sending(looked_up.error());
    }
    // Free when the look-ups tell already; otherwise a question is only worth a request after a doubt.
    if (action.already && (order.ask_first || !action.already_request)) {
        auto there = co_await is_there_already(action, document);
        if (!there)
            co_return before_sending(there.error());
        if (*there)
            co_return sync::write_outcome::already_done;
    }
    auto request = rendered(action.request, described, document);
    if (!request)
        co_return request.error();
    request->leave_by = leave_by;
    auto answer = co_await hr_system_.call(std::move(*request), http::effect::changes);
    if (!answer)
        co_return answer.error();
    co_return sync::write_outcome::done;
}

asio::awaitable<sync::result<std::vector<std::string>>> action_writer::names_of(const known_names& known)
{
    json::object document{{"credentials", hr_system_.described().credentials}, {"lookup", json::object{}}};
    for (const auto& wanted : known.lookups) {
        auto looked_up = co_await look_up(wanted, document);
        if (!looked_up)
            co_return looked_up.error();
    }
    const auto outputs = known.names.all(document);
    if (!outputs)
        co_return sync::failure{errc::malformed,
                                known.names.where().text() + ": " + sync::printable(outputs.error().reason)};
    std::vector<std::string> names;
    for (const auto& name : *outputs)
        if (!name.is_null())
            names.push_back(plain_text(name));
    co_return names;
}

asio::awaitable<sync::result<json::array>>
action_writer::pages_of(const request_template& request, const paging_description& paging, const json::value& document)
{
    auto order = rendered(request, hr_system_.described(), document);
    if (!order)
        co_return order.error();
    json::array pages;
    const auto take = [&](const json::value& answer) -> sync::result<caller::taken> {
        pages.push_back(answer.at("body"));
        const auto* rows = answer.at("body").if_array();
        return caller::taken{rows ? rows->size() : 1, false};
    };
    auto read = co_await hr_system_.read_pages(std::move(*order), paging, http::effect::reads, take);
    if (!read)
        co_return read.error();
    co_return pages;
}

asio::awaitable<sync::result<void>> action_writer::look_up(const lookup_description& wanted, json::object& document)
{
    const auto key = rendered(wanted.request, hr_system_.described(), document);
    if (!key)
        co_return key.error();
    const auto identity = wanted.name + ' ' + key->method + ' ' + key->url + ' ' + key->body;
    const auto known = answers_.find(identity);
    if (known != answers_.end() && known->second.until > clock_.now()) {
        document["pages"] = known->second.pages;
    } else {
        auto pages = co_await pages_of(wanted.request, wanted.paging, document);
        if (!pages)
            co_return pages.error();
        if (wanted.cache.count() > 0)
            answers_[identity] = {*pages, clock_.now() + wanted.cache};
        document["pages"] = std::move(*pages);
    }
    auto value = wanted.value.first(document);
    document.erase("pages");
    if (!value)
        co_return sync::failure{errc::refused,
                                wanted.value.where().text() + ": " + sync::printable(value.error().reason)};
    if (value->is_null() && !wanted.missing.empty()) {
        answers_.erase(identity); // it may be there the next time
        co_return sync::failure{errc::not_found, wanted.missing};
    }
    document["lookup"].as_object()[wanted.name] = std::move(*value);
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<bool>> action_writer::is_there_already(const action_description& action,
                                                                    json::object document)
{
    if (action.already_request) {
        auto pages = co_await pages_of(*action.already_request, action.already_paging, document);
        if (!pages)
            co_return pages.error();
        document["pages"] = std::move(*pages);
    }
    const auto answer = action.already->test(document);
    if (!answer)
        co_return sync::failure{errc::malformed,
                                action.already->where().text() + ": " + sync::printable(answer.error().reason)};
    co_return *answer;
}

} // namespace testdome_sync::rest
