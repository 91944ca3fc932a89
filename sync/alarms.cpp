#include "sync/alarms.hpp"

#include "sync/access.hpp"
#include "sync/application.hpp"

#include <algorithm>

namespace testdome_sync::sync {
namespace {

// A single failure is tried again by itself; what lasts longer than this needs a person.
constexpr std::chrono::minutes patience_with_polls{30};
// A poll that is this much later than it should be says that no program runs.
constexpr std::chrono::minutes patience_with_the_program{10};
// Nobody applies at night, over a weekend, or on holidays.
constexpr std::chrono::hours patience_with_silence{24 * 7};
constexpr std::chrono::hours patience_with_broken_records{24};
constexpr std::chrono::hours patience_with_pauses{24};
constexpr std::chrono::hours patience_with_doubts{2};
constexpr std::chrono::minutes patience_with_the_clock{10};
// To make new credentials or a new certificate takes somebody who has the rights, and he may be away.
constexpr std::chrono::days notice_of_an_end{14};

std::string count_of(std::int64_t count, const std::string& what)
{
    return std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
}

/// A day: `2026-11-25`.
std::string day_of(wall_time time)
{
    return to_text(time).substr(0, 10);
}

class inspection {
public:
    inspection(ledger& ledger, const config::settings& settings, wall_time now)
        : ledger_(ledger), settings_(settings), now_(now)
    {
    }

    void look_at(const config::mapping& mapping);
    void look_at_certificate();
    void look_at_testdome();
    void look_at_limits();
    void look_at_assessments();
    void look_at_write_backs();

    std::vector<alarm> found;

private:
    void raise(alarm raised) { found.push_back(std::move(raised)); }
    void look_at_start(const config::mapping& mapping, const mapping_record& record);
    void look_at_polls(const config::mapping& mapping, const mapping_record& record);
    /// Raises what ends soon, or has ended; the text says what, and when is added.
    void look_at_end(alarm of, wall_time end);

    ledger& ledger_;
    const config::settings& settings_;
    wall_time now_;
};

void inspection::look_at(const config::mapping& mapping)
{
    const auto record = ledger_.find_mapping(mapping.name);
    if (record.paused) {
        const auto since = record.last_poll;
        if (since && now_ - *since > patience_with_pauses)
            raise({"paused", mapping.name, severity::warning, since, "is paused: nobody is invited, nothing is written",
                   "`testdome-sync resume " + mapping.name + "` lets it go on"});
        return;
    }
    look_at_start(mapping, record);
    look_at_polls(mapping, record);
    if (mapping.credentials_expire)
        look_at_end(
            {"credentials_expiring", mapping.name, severity::warning, std::nullopt, "the credentials of the HR system",
             "make new ones there, put them in place with the new `credentials_expire`, then reload or restart"},
            *mapping.credentials_expire);
    if (record.nothing_since && now_ - *record.nothing_since > patience_with_silence)
        raise({"empty_source", mapping.name, severity::warning, record.nothing_since,
               "the HR system answers, and lists nobody",
               "look whether the account may still see applications, and whether a filter in the mapping fits"});
    if (record.broken_since && now_ - *record.broken_since > patience_with_broken_records)
        raise({"frozen_cursor", mapping.name, severity::warning, record.broken_since,
               count_of(record.broken, "record") + " can't be understood, so the same window is read again and again",
               "the log's application.broken events name them; after a week they are given up"});
}

/// Not mended by the program: if it is now that the clock is wrong, everybody of years would be invited.
void inspection::look_at_start(const config::mapping& mapping, const mapping_record& record)
{
    if (mapping.poll.start == config::start_mode::now && record.started_at > now_ + patience_with_the_clock)
        raise({"start_in_future", mapping.name, severity::critical, std::nullopt,
               "the start of this mapping is noted as " + to_text(record.started_at) +
                   ", which has not come yet: until then, whoever applies is not invited",
               "if the clock was wrong at the first start, write the day from which on people are to be invited as "
               "`poll: {start: YYYY-MM-DD}` into the mapping, then reload or restart"});
}

void inspection::look_at_polls(const config::mapping& mapping, const mapping_record& record)
{
    const auto good = record.last_success;
    const auto limit = std::max<std::chrono::seconds>(patience_with_polls, 5 * mapping.poll.every);
    if (!record.last_error.empty() && is_access_denied(ledger_, mapping.name))
        raise({"access_denied", mapping.name, severity::critical, good,
               "the HR system lets us do nothing: " + record.last_error,
               "put right credentials in place, or give them the rights that `testdome-sync connectors " +
                   mapping.connector + "` lists; then reload or restart"});
    else if (!record.last_error.empty())
        raise({"poll_failing", mapping.name, !good || now_ - *good > limit ? severity::critical : severity::warning,
               good, "the HR system can't be read: " + record.last_error,
               "`testdome-sync check --online` shows whether address and credentials are right"});
    const auto due = record.next_poll; // nothing where `once` is run now and then
    if (due && now_ - *due > std::max<std::chrono::seconds>(patience_with_the_program, 2 * mapping.poll.every))
        raise({"poll_overdue", mapping.name, severity::critical, due,
               "no poll since it was due: the program does not run",
               "`systemctl status testdome-sync` and its log tell why"});
}

void inspection::look_at_end(alarm of, wall_time end)
{
    if (end - now_ > notice_of_an_end)
        return;
    const bool is_over = end <= now_;
    of.how_bad = is_over ? severity::critical : severity::warning;
    of.since = end - notice_of_an_end;
    of.text += std::string(is_over ? " ended on " : " end on ") + day_of(end);
    raise(std::move(of));
}

void inspection::look_at_certificate()
{
    const auto end = settings_.listen.has_tls() ? certificate_end(ledger_) : std::nullopt;
    if (end)
        look_at_end({"certificate_expiring", "", severity::warning, std::nullopt,
                     "the days of the HTTP listener's certificate",
                     "put a new one in its place, then `systemctl reload testdome-sync`"},
                    *end);
}

void inspection::look_at_testdome()
{
    const auto health = ledger_.find_fact("testdome");
    if (!health.is_object() || health.at("ok").as_bool())
        return;
    const bool held_back = health.at("held_back").as_bool();
    const auto* denied = health.get_object().if_contains("denied"); // not in a ledger of an older version
    if (denied && denied->is_bool() && denied->get_bool())
        return raise(
            {"access_denied", "", severity::critical, std::nullopt,
             "TestDome lets us do nothing: " + std::string(health.at("last_error").as_string()),
             "put right credentials in place and restart; or look at TestDome whether the account is paid for"});
    raise({held_back ? "circuit_open" : "testdome_failing", "", severity::critical, std::nullopt,
           "TestDome: " + std::string(health.at("last_error").as_string()) +
               (held_back ? "; it has failed several times in a row and is left alone for a while" : ""),
           "nothing is lost; if it lasts, look at TestDome's status and at `testdome-sync check --online`"});
}

void inspection::look_at_limits()
{
    const auto limit = settings_.limits.invitations_per_day;
    const auto today = ledger_.invitations_since(std::chrono::floor<std::chrono::days>(now_));
    if (today >= limit)
        raise({"cap_reached", "", severity::warning, std::nullopt,
               std::to_string(today) + " invitations today, and invitations_per_day is " + std::to_string(limit),
               "who is held goes on tomorrow (UTC); `approve` invites earlier"});
}

void inspection::look_at_assessments()
{
    if (const auto held = ledger_.count_assessments(assessment_state::held); held > 0)
        raise({"held", "", severity::warning, std::nullopt, count_of(held, "assessment") + " held",
               "`testdome-sync list --state held` tells why; then `approve`, `retry` or `cancel`"});
    const auto doubtful = ledger_.assessments({.states = {assessment_state::unconfirmed}});
    const auto limit = settings_.testdome.settle + patience_with_doubts;
    const auto old =
        std::ranges::count_if(doubtful, [&](const assessment& one) { return now_ - one.updated_at > limit; });
    if (old > 0)
        raise({"unconfirmed", "", severity::warning, std::nullopt,
               count_of(old, "invitation") + " in doubt for longer than " +
                   std::to_string(std::chrono::duration_cast<std::chrono::minutes>(limit).count()) + " minutes",
               "they are looked up by themselves as soon as TestDome answers"});
}

void inspection::look_at_write_backs()
{
    for (const auto state : {write_back_state::failed, write_back_state::held, write_back_state::unconfirmed}) {
        const auto count = ledger_.count_write_backs(state);
        if (count == 0)
            continue;
        raise({"write_backs_" + std::string(to_text(state)), "", severity::warning, std::nullopt,
               count_of(count, "write-back") + ' ' + std::string(to_text(state)),
               "`testdome-sync show ID` tells why; `replay` repeats one"});
    }
}

} // namespace

std::string_view to_text(severity how_bad)
{
    return how_bad == severity::critical ? "critical" : "warning";
}

boost::json::object to_json(const alarm& shown)
{
    return {{"alarm", shown.name},
            {"mapping", shown.mapping},
            {"severity", to_text(shown.how_bad)},
            {"since", shown.since ? boost::json::value(to_text(*shown.since)) : nullptr},
            {"text", shown.text},
            {"remedy", shown.remedy}};
}

std::vector<alarm> alarms_of(ledger& ledger, const config::settings& settings,
                             const std::vector<const config::mapping*>& mappings, wall_time now)
{
    inspection all(ledger, settings, now);
    for (const auto* mapping : mappings)
        all.look_at(*mapping);
    all.look_at_certificate();
    all.look_at_testdome();
    all.look_at_limits();
    all.look_at_assessments();
    all.look_at_write_backs();
    std::ranges::stable_sort(all.found, std::greater{}, &alarm::how_bad);
    return std::move(all.found);
}

} // namespace testdome_sync::sync
