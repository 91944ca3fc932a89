#include "daemon/listener/status_page.hpp"

#include "daemon/listener/cryptography.hpp"
#include "daemon/listener/markup.hpp"
#include "daemon/listener/page_style.hpp"
#include "sync/application.hpp"

#include <algorithm>

namespace testdome_sync::listener {
namespace {

std::string_view reason(sync::hold_cause cause)
{
    switch (cause) {
    case sync::hold_cause::none: return "another reason";
    case sync::hold_cause::rule: return "a rule can't be decided";
    case sync::hold_cause::email: return "no e-mail address that can be used";
    case sync::hold_cause::approval: return "waits for approval";
    case sync::hold_cause::test_not_found: return "TestDome has no such test";
    case sync::hold_cause::poll_limit: return "one poll found more than invitations_per_poll";
    case sync::hold_cause::intake: return "its poll is being taken in";
    case sync::hold_cause::day_limit: return "invitations_per_day was reached";
    case sync::hold_cause::refused: return "TestDome refused the invitation";
    case sync::hold_cause::message: return "the invitation's text can't be made";
    case sync::hold_cause::no_candidate: return "TestDome took the invitation and lists nobody";
    case sync::hold_cause::person: return "a person decided so";
    case sync::hold_cause::forgotten: return "was invited before and is forgotten since";
    }
    return "";
}

std::string alarm_markup(const sync::alarm& one, sync::wall_time now)
{
    const auto severity = std::string(sync::to_text(one.how_bad));
    std::string text = "<li class=\"alarm " + severity + "\"><p><strong>" + severity + "</strong>: ";
    if (!one.mapping.empty())
        text += escaped(one.mapping) + ": ";
    text += prose_markup(one.text) + "</p>";
    if (one.since)
        text += "<p>Since " + time_markup(one.since, now) + "</p>";
    return text + "<p>" + prose_markup(one.remedy) + "</p></li>\n";
}

std::string alarms_section(const overview& shown)
{
    std::string text = "<section aria-labelledby=\"alarms\"><h2 id=\"alarms\">What needs a person</h2>\n";
    if (shown.alarms.empty())
        return text + "<p class=\"well\">Nothing.</p></section>\n";
    text += "<ul class=\"alarms\">\n";
    for (const auto& one : shown.alarms)
        text += alarm_markup(one, shown.at);
    return text + "</ul></section>\n";
}

std::string funnel_row(const std::string& name, std::int64_t count, std::int64_t whole)
{
    return "<tr><th scope=\"row\">" + name + "</th><td class=\"graph\">" + bar_markup(count, whole) +
           "</td><td class=\"number\">" + count_markup(count) + "</td></tr>\n";
}

std::string funnel_table(const sync::mapping_statistics& counts)
{
    // An applicant may take several tests.
    const auto whole = std::max(counts.applications, counts.selected);
    return "<table><caption>From applicants to results</caption><thead><tr><th scope=\"col\">Stage</th>"
           "<td></td><th scope=\"col\" class=\"number\">Number</th></tr></thead><tbody>\n" +
           funnel_row("Applicants", counts.applications, whole) + funnel_row("Selected", counts.selected, whole) +
           funnel_row("Invited", counts.invited, whole) + funnel_row("Finished", counts.finished, whole) +
           funnel_row("Written back", counts.written_back, whole) + "</tbody></table>\n";
}

std::string held_table(const sync::mapping_statistics& counts, sync::wall_time now)
{
    if (counts.held.empty())
        return "<p class=\"quiet\">Nobody is held.</p>\n";
    std::string text = "<table><caption>Held, until a person decides or the reason is gone</caption><thead><tr>"
                       "<th scope=\"col\">Why</th><th scope=\"col\">The first since</th>"
                       "<th scope=\"col\" class=\"number\">Number</th></tr></thead><tbody>\n";
    for (const auto& [cause, group] : counts.held)
        text += "<tr><th scope=\"row\">" + std::string(reason(cause)) + "</th><td>" + time_markup(group.oldest, now) +
                "</td><td class=\"number\">" + count_markup(group.count) + "</td></tr>\n";
    return text + "</tbody></table>\n";
}

std::string condition(const overview::mapping& one)
{
    if (one.is_paused)
        return "<strong class=\"warning\">paused</strong>";
    if (one.is_failing)
        return "<strong class=\"critical\">can't be read</strong>";
    return one.last_success ? "<span class=\"well\">works</span>" : "not read yet";
}

std::string mapping_card(const overview::mapping& one, std::size_t number, sync::wall_time now)
{
    const auto id = "mapping-" + std::to_string(number);
    return "<section class=\"card\" aria-labelledby=\"" + id + "\"><h3 id=\"" + id + "\">" + escaped(one.name) +
           "</h3>\n<p>" + condition(one) + " <span class=\"quiet\">(" + escaped(one.connector) + ")</span></p>\n" +
           "<dl><dt>Last poll</dt><dd>" + time_markup(one.last_poll, now) + "</dd><dt>Last success</dt><dd>" +
           time_markup(one.last_success, now) + "</dd><dt>Next poll</dt><dd>" +
           (one.is_paused ? "–" : time_markup(one.next_poll, now)) + "</dd></dl>\n" + funnel_table(one.counts) +
           held_table(one.counts, now) + "</section>\n";
}

std::string mappings_section(const overview& shown)
{
    std::string text =
        "<section aria-labelledby=\"mappings\"><h2 id=\"mappings\">HR systems</h2><div class=\"cards\">\n";
    for (std::size_t i = 0; i < shown.mappings.size(); ++i)
        text += mapping_card(shown.mappings[i], i, shown.at);
    return text + "</div></section>\n";
}

std::string invitations_section(const overview& shown)
{
    const auto cap = shown.limits.invitations_per_day;
    std::string text = "<section aria-labelledby=\"invitations\"><h2 id=\"invitations\">Invitations</h2>\n"
                       "<p>At most " +
                       count_markup(cap) + " a day (UTC), and " + count_markup(shown.limits.invitations_per_poll) +
                       " from one poll.</p>\n<table><caption>Invitations paid for by day</caption><thead><tr>"
                       "<th scope=\"col\">Day</th><td></td><th scope=\"col\" class=\"number\">Of " +
                       count_markup(cap) + "</th></tr></thead><tbody>\n";
    for (const auto& one : shown.days) {
        const auto date = sync::to_text(sync::wall_time{one.date}).substr(0, 10);
        text += "<tr><th scope=\"row\"><time datetime=\"" + date + "\">" + date + "</time></th><td class=\"graph\">" +
                bar_markup(one.invitations, cap) + "</td><td class=\"number\">" + count_markup(one.invitations) +
                "</td></tr>\n";
    }
    return text + "</tbody></table></section>\n";
}

std::string header(const overview& shown)
{
    std::string text = "<header><h1>testdome-sync</h1><p>";
    text +=
        shown.is_working ? "<span class=\"well\">At work.</span>" : "<strong class=\"critical\">Not at work.</strong>";
    text += " <span class=\"quiet\">As of " + sync::to_text(shown.at).substr(0, 10) + ' ' +
            sync::to_text(shown.at).substr(11, 8) + " UTC.</span></p>\n";
    if (shown.has_refused_files)
        text += "<p><strong class=\"warning\">Changed files are not in force</strong>: they hold mistakes; the log or "
                "<code>testdome-sync check</code> tells which.</p>\n";
    return text + "</header>\n";
}

} // namespace

std::string status_page(const overview& shown, const std::string& version)
{
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
           "<meta name=\"color-scheme\" content=\"light dark\"><title>testdome-sync: status</title><style>" +
           std::string(page_style) + "</style></head>\n<body>\n" + header(shown) + "<main>\n" + alarms_section(shown) +
           mappings_section(shown) + invitations_section(shown) + "</main>\n<footer><p>testdome-sync " +
           escaped(version) +
           ". Counts only: <code>testdome-sync list</code> tells who.</p></footer>\n</body></html>\n";
}

const std::string& status_page_policy()
{
    static const std::string policy = "default-src 'none'; style-src 'sha256-" + sha256_base64(page_style) +
                                      "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    return policy;
}

} // namespace testdome_sync::listener
