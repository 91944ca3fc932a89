#include "daemon/listener/overview.hpp"

#include "sync/application.hpp"

#include <algorithm>

namespace testdome_sync::listener {
namespace {

constexpr std::chrono::days shown_days{14};

overview::mapping mapping_of(const config::mapping& settings, sync::ledger& ledger, sync::ledger_statistics& all)
{
    const auto record = ledger.find_mapping(settings.name);
    return {settings.name,    settings.connector,        std::move(all.mappings[settings.name]),
            record.last_poll, record.last_success,       record.next_poll,
            record.paused,    !record.last_error.empty()};
}

std::vector<overview::day> days_of(const sync::ledger_statistics& all, std::chrono::sys_days today)
{
    std::vector<overview::day> made;
    for (auto date = today; date > today - shown_days; date -= std::chrono::days{1}) {
        const auto found = std::ranges::find(all.invitations, date, [](const auto& one) { return one.first; });
        made.push_back({date, found == all.invitations.end() ? 0 : found->second});
    }
    return made;
}

/// When somebody was told of an alarm, where the ledger doesn't tell since when it is so; see alarm_watch.
void add_beginnings(std::vector<sync::alarm>& alarms, const boost::json::value& told)
{
    for (auto& one : alarms) {
        if (one.since || !told.is_array())
            continue;
        for (const auto& known : told.get_array())
            if (known.at("name").as_string() == one.name && known.at("mapping").as_string() == one.mapping &&
                !known.at("is_over").as_bool())
                one.since = sync::time_from(known.at("since").as_string());
    }
}

} // namespace

overview overview_of(subject& about, sync::wall_time now)
{
    overview made;
    const auto today = std::chrono::floor<std::chrono::days>(now);
    auto all = about.ledger().statistics(today - shown_days + std::chrono::days{1});
    made.at = now;
    made.is_working = about.is_working();
    made.has_refused_files = about.has_refused_files();
    for (const auto* mapping : about.mappings())
        made.mappings.push_back(mapping_of(*mapping, about.ledger(), all));
    made.days = days_of(all, today);
    made.limits = about.settings().limits;
    made.alarms = sync::alarms_of(about.ledger(), about.settings(), about.mappings(), now);
    add_beginnings(made.alarms, about.ledger().find_fact("alarms"));
    return made;
}

} // namespace testdome_sync::listener
