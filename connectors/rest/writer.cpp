#include "connectors/rest/writer.hpp"

#include "connectors/at_expression.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace testdome_sync::rest {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;

namespace {

/// A question of this action failed, or a step of it that may be repeated: whatever became of that, the action was not
/// carried out. A bad answer (`malformed`) is about this action alone: others can be carried out meanwhile.
sync::failure before_sending(sync::failure why)
{
    if (why.code == errc::outcome_unknown)
        why.code = errc::not_sent;
    return why;
}

/// Without what every action needs, none can be carried out.
sync::failure before_any(sync::failure why)
{
    if (why.code == errc::malformed)
        why.code = errc::not_sent;
    return before_sending(std::move(why));
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

/// Two that make the same tag at once would make it twice.
std::size_t action_writer::at_once() const
{
    const auto& described = hr_system_.described();
    const auto creates = [](const auto& named) {
        return std::ranges::any_of(named.second.lookups, &lookup_description::creates);
    };
    return std::ranges::any_of(described.actions, creates) ? 1 : described.service.concurrent;
}

std::chrono::seconds action_writer::longest_write() const
{
    const auto& described = hr_system_.described();
    std::size_t most = 0;
    for (const auto& [name, action] : described.actions) {
        const auto repeated =
            std::ranges::count_if(action.lookups, [](const auto& one) { return one.batch.has_value(); });
        most = std::max(most, action.lookups.size() + static_cast<std::size_t>(repeated)); // see batched_lookups
    }
    most += described.lookups.size();
    const auto requests = static_cast<double>((most + 2) * at_once()); // `already:` and the action itself
    const std::chrono::duration<double> turns{requests / described.service.per_second};
    return (static_cast<int>(most) + 2) * described.timeout + std::chrono::ceil<std::chrono::seconds>(turns);
}

asio::awaitable<sync::result<sync::write_outcome>> action_writer::write(sync::write_order order)
{
    const auto& described = hr_system_.described();
    const auto leave_by = clock_.now() + longest_write() - described.timeout;
    const auto found = described.actions.find(order.action);
    if (found == described.actions.end()) {
        const auto lacking = described.lacks.find(order.action);
        co_return sync::failure{errc::unsupported,
                                "this HR system has no action \"" + order.action + '"' +
                                    (lacking == described.lacks.end() ? "" : ": " + lacking->second)};
    }
    const auto& action = found->second;
    auto common = co_await lookups_.document();
    if (!common)
        co_return before_any(common.error());
    for (auto& [name, value] : *common)
        order.document[name] = std::move(value);
    order.document["argument"] = std::move(order.argument);
    config::jq_document document(std::move(order.document));
    auto looked_up = co_await lookups_.look_up(action.lookups, document, leave_by);
    if (!looked_up)
        co_return before_sending(looked_up.error());
    // Free when the look-ups tell already; otherwise a question is only worth a request after a doubt.
    if (action.already && (order.ask_first || !action.already_request)) {
        auto there = co_await is_there_already(action, document);
        if (!there)
            co_return before_sending(there.error());
        if (*there)
            co_return sync::write_outcome::already_done;
    }
    auto request = request_for(action, document);
    if (!request)
        co_return request.error();
    request->request.leave_by = leave_by;
    auto answered = co_await hr_system_.call(std::move(*request), http::effect::changes);
    if (!answered)
        co_return answered.error();
    if (answered->meaning == verdict::skip)
        co_return sync::write_outcome::already_done;
    if (answered->meaning != verdict::success)
        co_return sync::failure{errc::outcome_unknown,
                                "the table of answers says of an action what can only be said of a list"};
    co_return sync::write_outcome::done;
}

sync::result<outgoing> action_writer::request_for(const action_description& action,
                                                  const config::jq_document& document) const
{
    for (const auto& one : action.requests) {
        const auto fits = one.when ? one.when->test(document) : config::evaluated<bool>(true);
        if (!fits)
            return connectors::at_expression(errc::refused, *one.when, fits.error());
        if (*fits)
            return rendered(one.request, hr_system_.described(), document);
    }
    return sync::failure{errc::refused, "none of the requests of action \"" + action.name + "\" fits"};
}

asio::awaitable<sync::result<std::vector<std::string>>> action_writer::names_of(const known_names& known)
{
    auto document = co_await lookups_.document();
    if (!document)
        co_return document.error();
    config::jq_document seen(std::move(*document));
    auto looked_up = co_await lookups_.look_up(known.lookups, seen);
    if (!looked_up)
        co_return looked_up.error();
    const auto outputs = known.names.all(seen);
    if (!outputs)
        co_return connectors::at_expression(errc::malformed, known.names, outputs.error());
    std::vector<std::string> names;
    for (const auto& name : *outputs)
        if (!name.is_null())
            names.push_back(plain_text(name));
    co_return names;
}

asio::awaitable<sync::result<bool>> action_writer::is_there_already(const action_description& action,
                                                                    config::jq_document& document)
{
    if (action.already_request) {
        auto order = rendered(*action.already_request, hr_system_.described(), document);
        if (!order)
            co_return order.error();
        auto pages = co_await lookups_.pages_of(std::move(*order), action.already_paging);
        if (!pages)
            co_return pages.error();
        document.set("pages", std::move(*pages));
    }
    const auto there = action.already->test(document);
    document.erase("pages");
    if (!there)
        co_return connectors::at_expression(errc::malformed, *action.already, there.error());
    co_return *there;
}

} // namespace testdome_sync::rest
