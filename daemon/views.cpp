#include "daemon/arguments.hpp"
#include "daemon/commands.hpp"
#include "daemon/configuration.hpp"
#include "daemon/json_views.hpp"
#include "daemon/table.hpp"
#include "sync/application.hpp"
#include "sync/parts.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iostream>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

std::unique_ptr<sync::ledger> ledger_of(const config::settings& settings)
{
    return sync::open_ledger(settings.ledger, sync::ledger_access::read);
}

std::string text_of(const json::value& value)
{
    if (value.is_null())
        return "-";
    return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

std::string text_at(const json::value& value, std::string_view pointer)
{
    boost::system::error_code missing;
    const auto* found = value.find_pointer(pointer, missing);
    return found ? text_of(*found) : "-";
}

std::string headline(const json::value& alarm)
{
    const auto mapping = text_of(alarm.at("mapping"));
    return (mapping == "-" ? "" : mapping + ": ") + text_of(alarm.at("text"));
}

void print_division(const json::value& ledger)
{
    std::cout << "ledger: " << text_of(ledger.at("place")) << ", shared by "
              << std::ranges::count_if(ledger.at("machines").as_array(),
                                       [](const json::value& one) { return one.at("present").as_bool(); })
              << " machine(s)\n\n";
    table parts({"PART", "DONE BY", "SINCE"});
    for (const auto& one : ledger.at("parts").as_array()) {
        const auto name = text_of(one.at("name"));
        const bool is_done = one.at("present").as_bool();
        parts.add({sync::shown_part(text_of(one.at("part"))),
                   is_done ? name : "nobody" + (name == "-" ? "" : "; last by " + name),
                   is_done ? text_of(one.at("since")) : "-"});
    }
    std::cout << parts.text();
}

void print_status(const json::value& shown)
{
    table mappings({"MAPPING", "CONNECTOR", "LAST POLL", "NEXT POLL", "LAST ERROR"});
    for (const auto& one : shown.at("mappings").as_array())
        mappings.add({text_of(one.at("name")), text_of(one.at("connector")), text_of(one.at("last_poll")),
                      one.at("paused").as_bool() ? "paused" : text_of(one.at("next_poll")),
                      text_of(one.at("last_error"))});
    table states({"ASSESSMENTS", ""});
    for (const auto& member : shown.at("assessments").as_object())
        states.add({std::string(member.key()), text_of(member.value())});
    table written({"WRITE-BACKS", ""});
    for (const auto& member : shown.at("write_backs").as_object())
        written.add({std::string(member.key()), text_of(member.value())});
    std::cout << mappings.text() << '\n'
              << states.text() << '\n'
              << written.text() << "\nTestDome: " << text_at(shown, "/testdome/state")
              << (text_at(shown, "/testdome/last_error").size() > 1
                      ? " (" + text_at(shown, "/testdome/last_error") + ")"
                      : "")
              << "\ninvitations today: " << text_of(shown.at("invitations_today")) << " of "
              << text_at(shown, "/limits/invitations_per_day") << '\n';
    if (shown.at("ledger").as_object().contains("machines"))
        print_division(shown.at("ledger"));
    for (const auto& one : shown.at("alarms").as_array())
        std::cout << '\n'
                  << text_of(one.at("severity")) << ": " << headline(one) << "\n  " << text_of(one.at("remedy"))
                  << '\n';
}

/// For a monitoring system: one line; the exit status says how bad it is.
int monitor_line(const json::value& shown)
{
    std::string text;
    bool is_critical = false;
    for (const auto& one : shown.at("alarms").as_array()) {
        is_critical = is_critical || one.at("severity") == "critical";
        text += (text.empty() ? "" : "; ") + headline(one);
    }
    std::cout << (text.empty() ? "OK" : is_critical ? "CRITICAL: " : "WARNING: ") << text << '\n';
    return text.empty() ? 0 : is_critical ? 2 : 1;
}

} // namespace

int status(const common_options& options, bool monitor)
{
    constexpr int unknown = 3;
    json::value shown;
    try {
        const auto configuration = read_configuration(options.config, config::secrets::unneeded);
        const auto ledger = ledger_of(configuration.main);
        shown = status_view(configuration, *ledger, std::chrono::system_clock::now());
    } catch (const std::exception& error) {
        if (!monitor)
            throw;
        std::cout << "UNKNOWN: " << std::string(error.what()).substr(0, std::string(error.what()).find('\n')) << '\n';
        return unknown;
    }
    if (monitor)
        return monitor_line(shown);
    if (options.json)
        std::cout << json::serialize(shown) << '\n';
    else
        print_status(shown);
    const auto& mappings = shown.at("mappings").as_array();
    const bool failing =
        shown.at("testdome").at("state") != "ok" ||
        std::ranges::any_of(mappings, [](const json::value& one) { return !one.at("last_error").is_null(); });
    return failing ? exit_status::not_well : exit_status::well;
}

int list(const common_options& options, const list_options& wanted)
{
    const auto configuration = read_configuration(options.config, config::secrets::unneeded);
    const auto ledger = ledger_of(configuration.main);
    json::array all;
    for (const auto& one : ledger->assessments(filter_of(wanted)))
        all.push_back(assessment_view(one, *ledger));
    if (options.json) {
        std::cout << json::serialize(all) << '\n';
        return exit_status::well;
    }
    table shown({"ID", "MAPPING", "APPLICANT", "JOB", "TEST", "STATE", "SCORE", "UPDATED", "REASON"});
    for (const auto& one : all)
        shown.add({text_of(one.at("id")), text_of(one.at("mapping")), text_at(one, "/applicant/name"),
                   text_of(one.at("job")), text_at(one, "/test/name"), text_of(one.at("state")),
                   text_of(one.at("score")), text_of(one.at("updated_at")), text_of(one.at("reason"))});
    std::cout << shown.text();
    return exit_status::well;
}

int show(const common_options& options, long long id)
{
    const auto configuration = read_configuration(options.config, config::secrets::unneeded);
    const auto ledger = ledger_of(configuration.main);
    const auto found = ledger->find_assessment(id);
    if (!found)
        throw std::runtime_error("there is no assessment " + std::to_string(id) + "; `testdome-sync list` shows all");
    const json::value shown = detailed_view(*found, *ledger);
    if (options.json) {
        std::cout << json::serialize(shown) << '\n';
        return exit_status::well;
    }
    for (const auto& member : shown.as_object())
        if (!member.value().is_array())
            std::cout << member.key() << ": " << text_of(member.value()) << '\n';
    table transitions({"TIME", "FROM", "TO", "CAUSE"});
    for (const auto& one : shown.at("transitions").as_array())
        transitions.add(
            {text_of(one.at("at")), text_of(one.at("from")), text_of(one.at("to")), text_of(one.at("cause"))});
    table written({"ID", "EVENT", "ACTION", "STATE", "ATTEMPTS", "UPDATED", "REASON"});
    for (const auto& one : shown.at("write_backs").as_array())
        written.add({text_of(one.at("id")), text_of(one.at("event")), text_of(one.at("action")),
                     text_of(one.at("state")), text_of(one.at("attempts")), text_of(one.at("updated_at")),
                     text_of(one.at("reason"))});
    table decided({"TIME", "DECISION", "ABOUT", "WHO", "WHY"});
    for (const auto& one : shown.at("decisions").as_array())
        decided.add({text_of(one.at("at")), text_of(one.at("decision")), text_of(one.at("subject")),
                     text_of(one.at("who")), text_of(one.at("why"))});
    std::cout << '\n' << transitions.text() << '\n' << written.text();
    if (!shown.at("decisions").as_array().empty())
        std::cout << '\n' << decided.text();
    return exit_status::well;
}

int explain(const common_options& options, const std::string& whom)
{
    const auto configuration = read_configuration(options.config, config::secrets::unneeded);
    const auto ledger = ledger_of(configuration.main);
    const auto key = whom.find('@') == std::string::npos ? whom : sync::normalized_email(whom);
    json::array all;
    for (const auto& one : ledger->find_applications(key))
        all.push_back(explanation_view(one, *ledger));
    if (all.empty() && !options.json)
        throw std::runtime_error("no application of that id or address was seen in any poll");
    if (options.json) {
        std::cout << json::serialize(all) << '\n';
        return all.empty() ? exit_status::not_well : exit_status::well;
    }
    for (const auto& one : all) {
        std::cout << "mapping " << text_of(one.at("mapping")) << ", application " << text_of(one.at("application_id"))
                  << ": " << text_of(one.at("outcome")) << '\n';
        table rules({"RULE", "ANSWER", "REASON"});
        for (const auto& rule : one.at("rules").as_array())
            rules.add({text_of(rule.at("rule")), text_of(rule.at("answer")), text_of(rule.at("reason"))});
        std::cout << rules.text() << '\n';
    }
    return exit_status::well;
}

} // namespace testdome_sync::daemon
