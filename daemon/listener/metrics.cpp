#include "daemon/listener/metrics.hpp"

#include "sync/alarms.hpp"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <map>

namespace testdome_sync::listener {
namespace {

constexpr std::size_t most_mappings = 10;
constexpr std::size_t most_alarms = 16;

using labels = std::vector<prometheus::ClientMetric::Label>;

/// The families in the order in which they were begun.
class exposition {
public:
    void begin(const std::string& name, const std::string& help,
               prometheus::MetricType type = prometheus::MetricType::Gauge)
    {
        families_.push_back({"testdome_sync_" + name, help, type, {}});
    }

    void add(double value, labels with = {})
    {
        prometheus::ClientMetric metric;
        metric.label = std::move(with);
        auto& family = families_.back();
        (family.type == prometheus::MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
        family.metric.push_back(std::move(metric));
    }

    void one(const std::string& name, const std::string& help, double value)
    {
        begin(name, help);
        add(value);
    }

    std::string text() const
    {
        auto told = families_;
        std::erase_if(told, [](const auto& family) { return family.metric.empty(); });
        return prometheus::TextSerializer().prometheus::Serializer::Serialize(told);
    }

private:
    std::vector<prometheus::MetricFamily> families_;
};

double seconds(sync::wall_time time)
{
    return std::chrono::duration<double>(std::chrono::floor<std::chrono::seconds>(time.time_since_epoch())).count();
}

void add_process(exposition& into, subject& about, const process_facts& process)
{
    into.begin("build_info", "Which version runs; always 1.");
    into.add(1, {{"version", process.version}});
    into.one("start_time_seconds", "When the program was started, in seconds since 1970.", seconds(process.started_at));
    into.one("working", "1 while it polls, invites and writes back.", about.is_working());
    into.one("configuration_in_force", "0 if the files were changed, read again, and could not be used.",
             !about.has_refused_files());
    into.begin("webhooks_total", "Webhooks received since the start, by what became of them.",
               prometheus::MetricType::Counter);
    into.add(static_cast<double>(process.webhooks.accepted), {{"outcome", "accepted"}});
    into.add(static_cast<double>(process.webhooks.refused), {{"outcome", "refused"}});
    into.add(static_cast<double>(process.webhooks.limited), {{"outcome", "limited"}});
}

template <class State, std::size_t Count>
void add_states(exposition& into, const std::map<State, std::int64_t>& counts, const std::array<State, Count>& all)
{
    for (const auto state : all) {
        const auto known = counts.find(state);
        into.add(known == counts.end() ? 0 : static_cast<double>(known->second),
                 {{"state", std::string(sync::to_text(state))}});
    }
}

void add_work(exposition& into, subject& about)
{
    {
        using enum sync::assessment_state;
        into.begin("assessments", "Assessments by state.");
        add_states(into, about.ledger().count_assessments(),
                   std::array{planned, held, inviting, unconfirmed, invited, started, scoring, completed, did_not_take,
                              canceled, refused});
    }
    using enum sync::write_back_state;
    into.begin("write_backs", "Write-backs by state.");
    add_states(into, about.ledger().count_write_backs(), std::array{pending, unconfirmed, done, failed, held, skipped});
}

void add_limits(exposition& into, subject& about, sync::wall_time now)
{
    const auto& limits = about.settings().limits;
    into.one("invitations_today", "Invitations that were paid for, or may have been, since midnight UTC.",
             about.ledger().invitations_since(std::chrono::floor<std::chrono::days>(now)));
    into.one("invitations_per_day_limit", "invitations_per_day of the configuration.", limits.invitations_per_day);
    into.one("invitations_per_poll_limit", "invitations_per_poll of the configuration.", limits.invitations_per_poll);
}

void add_mappings(exposition& into, subject& about)
{
    const auto mappings = about.mappings();
    std::vector<std::pair<double, std::string>> successes; // 0: never
    int paused = 0;
    for (const auto* mapping : mappings) {
        const auto record = about.ledger().find_mapping(mapping->name);
        paused += record.paused ? 1 : 0;
        successes.emplace_back(record.last_success ? seconds(*record.last_success) : 0, mapping->name);
    }
    std::ranges::sort(successes);
    successes.resize(std::min(successes.size(), most_mappings));
    into.one("mappings", "How many mapping files are in force.", static_cast<double>(mappings.size()));
    into.one("mappings_paused", "How many of them are paused by a person.", paused);
    into.begin("last_success_timestamp_seconds",
               "When the HR system of a mapping was last read to its end, in seconds since 1970; 0: never. Of many "
               "mappings, those that were read least recently.");
    for (const auto& [time, name] : successes)
        into.add(time, {{"mapping", name}});
}

labels labels_of(const sync::alarm& one, const std::string& mapping)
{
    return {{"name", one.name}, {"mapping", mapping}, {"severity", std::string(sync::to_text(one.how_bad))}};
}

void add_alarms(exposition& into, const std::vector<sync::alarm>& all)
{
    std::map<sync::severity, int> by_severity{{sync::severity::warning, 0}, {sync::severity::critical, 0}};
    for (const auto& one : all)
        ++by_severity[one.how_bad];
    into.begin("alarms", "How many alarms there are, by severity.");
    for (const auto& [severity, count] : by_severity)
        into.add(count, {{"severity", std::string(sync::to_text(severity))}});
    into.begin("alarm", "What needs a person, by name; where there are too many for a series each, how many of a name "
                        "there are, with mapping \"*\".");
    if (all.size() <= most_alarms) {
        for (const auto& one : all)
            into.add(1, labels_of(one, one.mapping));
        return;
    }
    std::map<std::pair<std::string, sync::severity>, std::pair<const sync::alarm*, int>> groups;
    for (const auto& one : all) {
        auto& group = groups[{one.name, one.how_bad}];
        group.first = &one;
        ++group.second;
    }
    for (const auto& [key, group] : groups)
        into.add(group.second, labels_of(*group.first, "*"));
}

} // namespace

std::string metrics_text(subject& about, const process_facts& process, sync::wall_time now)
{
    exposition made;
    add_process(made, about, process);
    add_work(made, about);
    add_limits(made, about, now);
    add_mappings(made, about);
    add_alarms(made, sync::alarms_of(about.ledger(), about.settings(), about.mappings(), now));
    return made.text();
}

} // namespace testdome_sync::listener
