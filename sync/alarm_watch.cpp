#include "sync/alarm_watch.hpp"

#include "sync/application.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

namespace testdome_sync::sync {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

constexpr auto fact_name = "alarms";

bool is_same(const alarm& one, const alarm& other)
{
    return one.name == other.name && one.mapping == other.mapping;
}

std::vector<field> fields_of(const alarm& about)
{
    std::vector<field> fields{{"alarm", about.name}, {"severity", std::string(to_text(about.how_bad))}};
    if (!about.mapping.empty())
        fields.push_back({"mapping", about.mapping});
    return fields;
}

} // namespace

std::vector<alarm_watch::told> alarm_watch::known()
{
    std::vector<told> all;
    const auto fact = world_.ledger.find_fact(fact_name);
    if (!fact.is_array())
        return all;
    for (const auto& one : fact.get_array()) {
        alarm about;
        about.name = one.at("name").as_string();
        about.mapping = one.at("mapping").as_string();
        about.how_bad = one.at("severity").as_string() == "critical" ? severity::critical : severity::warning;
        about.text = one.at("text").as_string();
        about.remedy = one.at("remedy").as_string();
        about.since = time_from(one.at("since").as_string());
        all.push_back({std::move(about), one.at("in_the_log").as_bool(), one.at("to_people").as_bool(),
                       one.at("is_over").as_bool()});
    }
    return all;
}

void alarm_watch::keep(const std::vector<told>& all)
{
    json::array stored;
    for (const auto& one : all)
        stored.push_back({{"name", one.about.name},
                          {"mapping", one.about.mapping},
                          {"severity", to_text(one.about.how_bad)},
                          {"text", one.about.text},
                          {"remedy", one.about.remedy},
                          {"since", to_text(one.about.since.value_or(world_.clock.wall()))},
                          {"in_the_log", one.in_the_log},
                          {"to_people", one.to_people},
                          {"is_over", one.is_over}});
    if (world_.ledger.find_fact(fact_name) == stored)
        return;
    unit_of_work unit(world_.ledger);
    world_.ledger.save_fact(fact_name, stored);
    unit.commit();
}

/// What is new or has become worse is to be told; what is gone is to be told as over.
void alarm_watch::merge(std::vector<told>& all, std::vector<alarm> now)
{
    for (auto& one : all) {
        const auto still = std::ranges::find_if(now, [&](const alarm& other) { return is_same(one.about, other); });
        const bool is_over = still == now.end();
        const bool is_worse =
            !is_over && one.about.how_bad == severity::warning && still->how_bad == severity::critical;
        if (is_over != one.is_over || is_worse)
            one.in_the_log = one.to_people = false;
        one.is_over = is_over;
        if (is_over)
            continue;
        still->since = one.about.since;
        one.about = std::move(*still);
        now.erase(still);
    }
    for (auto& fresh : now)
        all.push_back({std::move(fresh)});
}

void alarm_watch::tell_log(told& one)
{
    if (std::exchange(one.in_the_log, true))
        return;
    if (one.is_over)
        world_.events.emit("alarm.cleared", one.about.name + " is over", fields_of(one.about));
    else
        world_.events.emit("alarm.raised", one.about.text + "; " + one.about.remedy, fields_of(one.about));
}

asio::awaitable<void> alarm_watch::tell_people(told& one)
{
    if (one.to_people || !to_) {
        one.to_people = true;
        co_return;
    }
    notice told_now{one.about, one.is_over};
    const auto outcome = co_await to_->tell(std::move(told_now));
    one.to_people = outcome.has_value();
    const auto failure = outcome ? std::string{} : printable(outcome.error().detail);
    if (!failure.empty() && failure != last_failure_)
        world_.events.emit("notice.failed", "people could not be told of an alarm, it is tried again: " + failure,
                           fields_of(one.about));
    last_failure_ = failure;
}

asio::awaitable<void> alarm_watch::look()
{
    std::vector<const config::mapping*> mappings;
    for (const auto& one : world_.mappings)
        mappings.push_back(&one.settings);
    auto found = alarms_of(world_.ledger, world_.settings, mappings, world_.clock.wall());
    const bool is_critical =
        std::ranges::any_of(found, [](const alarm& one) { return one.how_bad == severity::critical; });
    for (auto& one : found)
        one.since = one.since ? one.since : world_.clock.wall();
    auto all = known();
    merge(all, std::move(found));
    for (auto& one : all)
        tell_log(one);
    keep(all); // the log is not told twice if telling people takes long, or the program ends meanwhile
    for (auto& one : all)
        co_await tell_people(one);
    std::erase_if(all, [](const told& one) { return one.is_over && one.to_people; });
    keep(all);
    if (to_ && !is_critical) {
        const auto outcome = co_await to_->sign_of_life();
        static_cast<void>(outcome); // whoever misses it raises the alarm: that is what it is for
    }
}

asio::awaitable<void> alarm_watch::run()
{
    while (!stopping_) {
        const auto due = world_.clock.now() +
                         std::max<std::chrono::seconds>(std::chrono::minutes{1}, world_.settings.testdome.poll_every);
        co_await nudge_.sleep_until(world_.clock, due); // first: what failed while we were off has time to recover
        if (!stopping_ && world_.does(testdome_part))   // of several machines, one tells people
            co_await look();
    }
}

void alarm_watch::stop()
{
    stopping_ = true;
    nudge_.wake();
}

} // namespace testdome_sync::sync
