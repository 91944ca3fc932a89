#include "connectors/rest/list_memory.hpp"

#include "sync/application.hpp"

#include <boost/json/object.hpp>

#include <algorithm>

namespace testdome_sync::rest {
namespace json = boost::json;
namespace {

std::optional<sync::wall_time> time_of(const json::value& of, std::string_view member)
{
    const auto* found = of.is_object() ? of.get_object().if_contains(member) : nullptr;
    return found && found->is_string() ? sync::time_from(found->get_string()) : std::nullopt;
}

} // namespace

list_memory::list_memory(const json::value& stored, const description& described) : cursor(stored)
{
    has_slow_lists_ =
        std::ranges::any_of(described.lists, [](const list_description& one) { return one.every.count() > 0; });
    const auto* object = stored.if_object();
    const auto* lists = object ? object->if_contains("slow_lists") : nullptr;
    if (!lists || !lists->is_object())
        return;
    const auto* own = object->if_contains("cursor");
    cursor = own ? *own : json::value(nullptr);
    if (has_slow_lists_)
        for (const auto& [name, value] : lists->get_object())
            if (const auto read_at = time_of(value, "read_at"))
                slow_[name] = {*read_at, time_of(value, "missed_since")};
}

std::optional<sync::wall_time> list_memory::due(const list_description& list, sync::wall_time now,
                                                sync::wall_time since)
{
    if (list.every.count() == 0)
        return since;
    const auto known = slow_.find(list.name);
    const bool is_due =
        known == slow_.end() || now >= known->second.read_at + list.every || now < known->second.read_at;
    if (!is_due) {
        auto& missed = known->second.missed_since;
        missed = std::min(missed.value_or(since), since);
        return std::nullopt;
    }
    if (known != slow_.end() && known->second.missed_since)
        since = std::min(since, *known->second.missed_since);
    slow_[list.name] = {now, std::nullopt};
    return since;
}

json::value list_memory::stored() const
{
    if (!has_slow_lists_)
        return cursor;
    json::object lists;
    for (const auto& [name, one] : slow_)
        lists[name] = {{"read_at", sync::to_text(one.read_at)},
                       {"missed_since", one.missed_since ? json::value(sync::to_text(*one.missed_since)) : nullptr}};
    return {{"cursor", cursor}, {"slow_lists", std::move(lists)}};
}

} // namespace testdome_sync::rest
