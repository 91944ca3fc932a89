#include "daemon/json_views.hpp"

#include "sync/alarms.hpp"
#include "sync/application.hpp"
#include "sync/shared_ledger.hpp"

#include <algorithm>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

json::value time_or_null(const std::optional<sync::wall_time>& time)
{
    return time ? json::value(sync::to_text(*time)) : json::value(nullptr);
}

json::value text_or_null(const std::string& text)
{
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value result_member(const sync::assessment& of, std::string_view name)
{
    const auto* object = of.result.if_object();
    const auto* found = object ? object->if_contains(name) : nullptr;
    return found ? *found : json::value(nullptr);
}

json::object ledger_view(const config::ledger_settings& settings, sync::ledger& ledger)
{
    json::object shown{{"place", sync::shown(settings)}};
    auto* shared = ledger.shared();
    if (!shared)
        return shown;
    const auto division = shared->division();
    json::array machines, parts;
    for (const auto& one : division.machines)
        machines.push_back({{"number", one.number},
                            {"name", one.name},
                            {"since", sync::to_text(one.since)},
                            {"present", one.is_present}});
    for (const auto& one : division.parts) {
        const auto done_by = std::ranges::find(division.machines, one.machine, &sync::ledger_machine::number);
        parts.push_back(
            {{"part", one.name},
             {"machine", one.machine == 0 ? json::value(nullptr) : json::value(one.machine)},
             {"name", text_or_null(one.machine_name)},
             {"since", one.machine_name.empty() ? json::value(nullptr) : json::value(sync::to_text(one.since))},
             {"present", done_by != division.machines.end() && done_by->is_present}});
    }
    shown["machines"] = std::move(machines);
    shown["parts"] = std::move(parts);
    return shown;
}

json::object testdome_view(sync::ledger& ledger)
{
    const auto health = ledger.find_fact("testdome");
    const auto* known = health.if_object();
    if (!known)
        return {{"state", "ok"}, {"last_error", nullptr}};
    const bool fine = known->at("ok").as_bool();
    const bool held_back = known->at("held_back").as_bool();
    return {{"state", held_back ? "circuit open"
                      : fine    ? "ok"
                                : "failing"},
            {"last_error", text_or_null(std::string(known->at("last_error").as_string()))}};
}

} // namespace

json::object status_view(const checked_configuration& configuration, sync::ledger& ledger, sync::wall_time now)
{
    json::array mappings;
    for (const auto& mapping : configuration.mappings) {
        const auto record = ledger.find_mapping(mapping.settings.name);
        mappings.push_back({{"name", mapping.settings.name},
                            {"connector", mapping.settings.connector},
                            {"last_poll", time_or_null(record.last_poll)},
                            {"next_poll", time_or_null(record.next_poll)},
                            {"last_success", time_or_null(record.last_success)},
                            {"last_error", text_or_null(record.last_error)},
                            {"paused", record.paused}});
    }
    std::vector<const config::mapping*> settings;
    for (const auto& mapping : configuration.mappings)
        settings.push_back(&mapping.settings);
    json::array alarms;
    for (const auto& one : sync::alarms_of(ledger, configuration.main, settings, now)) {
        auto shown = to_json(one);
        shown["mapping"] = text_or_null(one.mapping);
        alarms.push_back(std::move(shown));
    }
    json::object states;
    for (const auto& [state, count] : ledger.count_assessments())
        states[sync::to_text(state)] = count;
    json::object written{{"pending", 0}, {"unconfirmed", 0}, {"failed", 0}, {"held", 0}};
    for (const auto& [state, count] : ledger.count_write_backs())
        written[sync::to_text(state)] = count;
    const auto& limits = configuration.main.limits;
    return {
        {"ledger", ledger_view(configuration.main.ledger, ledger)},
        {"mappings", std::move(mappings)},
        {"alarms", std::move(alarms)},
        {"assessments", std::move(states)},
        {"write_backs", std::move(written)},
        {"testdome", testdome_view(ledger)},
        {"invitations_today", ledger.invitations_since(std::chrono::floor<std::chrono::days>(now))},
        {"limits",
         {{"invitations_per_day", limits.invitations_per_day}, {"invitations_per_poll", limits.invitations_per_poll}}}};
}

json::object assessment_view(const sync::assessment& one, sync::ledger& ledger)
{
    const auto stored = ledger.find_application(one.mapping, one.application_id);
    const auto application = stored ? sync::application_from(stored->document) : sync::application{};
    const bool final = sync::is_final(one.state) || one.state == sync::assessment_state::scoring;
    return {
        {"id", one.id},
        {"mapping", one.mapping},
        {"application_id", one.application_id},
        {"application_url", text_or_null(application.url)},
        {"applicant",
         {{"name", text_or_null(application.applicant.name)}, {"email", text_or_null(application.applicant.email)}}},
        {"job", text_or_null(application.job.name)},
        {"test", {{"id", one.test_id}, {"name", one.test_name.empty() ? one.test_reference : one.test_name}}},
        {"state", sync::to_text(one.state)},
        {"reason", text_or_null(one.reason)},
        {"score", result_member(one, "score")},
        {"passed",
         one.state == sync::assessment_state::completed ? result_member(one, "passed") : json::value(nullptr)},
        {"invited_at", time_or_null(one.invited_at)},
        {"finished_at", final ? time_or_null(one.finished_at) : json::value(nullptr)},
        {"updated_at", sync::to_text(one.updated_at)}};
}

json::object detailed_view(const sync::assessment& one, sync::ledger& ledger)
{
    auto shown = assessment_view(one, ledger);
    shown["rule"] = one.rule;
    shown["candidate_id"] = one.candidate_id == 0 ? json::value(nullptr) : json::value(one.candidate_id);
    shown["deadline"] = time_or_null(one.deadline);
    json::array transitions;
    for (const auto& row : ledger.transitions(one.id))
        transitions.push_back({{"at", sync::to_text(row.at)},
                               {"from", text_or_null(row.from)},
                               {"to", row.to},
                               {"cause", text_or_null(row.cause)},
                               {"correlation_id", text_or_null(row.correlation_id)}});
    json::array written;
    for (const auto& row : ledger.write_backs_of(one.id))
        written.push_back({{"id", row.id},
                           {"event", row.event},
                           {"action", row.action},
                           {"argument", row.argument},
                           {"state", sync::to_text(row.state)},
                           {"reason", text_or_null(row.reason)},
                           {"attempts", row.attempts},
                           {"marker", row.marker},
                           {"updated_at", sync::to_text(row.updated_at)}});
    json::array decided;
    for (const auto& row : ledger.decisions_of(one.id))
        decided.push_back({{"at", sync::to_text(row.at)},
                           {"decision", row.kind},
                           {"subject", row.subject},
                           {"who", row.who},
                           {"why", text_or_null(row.why)}});
    shown["decisions"] = std::move(decided);
    shown["transitions"] = std::move(transitions);
    shown["write_backs"] = std::move(written);
    return shown;
}

json::object explanation_view(const sync::stored_application& application, sync::ledger& ledger)
{
    json::array assessments;
    std::string outcome;
    for (const auto& one : ledger.assessments({.mapping = application.mapping, .application_id = application.id})) {
        assessments.push_back(assessment_view(one, ledger));
        outcome += (outcome.empty() ? "" : ", ") + std::string(sync::to_text(one.state)) + " (" +
                   (one.test_name.empty() ? one.test_reference : one.test_name) +
                   (one.reason.empty() ? "" : ": " + one.reason) + ")";
    }
    if (outcome.empty())
        outcome = "skipped: " + application.reason;
    return {{"mapping", application.mapping},
            {"application_id", application.id},
            {"outcome", outcome},
            {"reason", text_or_null(application.reason)},
            {"rules", application.decision},
            {"assessments", std::move(assessments)},
            {"first_seen", sync::to_text(application.first_seen)},
            {"last_seen", sync::to_text(application.last_seen)}};
}

} // namespace testdome_sync::daemon
