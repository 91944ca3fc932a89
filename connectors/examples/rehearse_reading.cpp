#include "connectors/examples/differences.hpp"
#include "connectors/examples/scene.hpp"
#include "sync/application.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>

namespace testdome_sync::examples {
namespace json = boost::json;
namespace {

/// As `applications:` has it.
json::value json_of(const sync::application& from)
{
    auto document = sync::to_document(from);
    auto made = document["application"].as_object();
    for (const auto* part : {"applicant", "job", "stage", "raw"})
        made[part] = document[part];
    return made;
}

void note_members(const config::node& of, const std::string& prefix, std::set<std::string>& into)
{
    for (const auto& [key, value] : of.members) {
        into.insert(prefix + key.text);
        if (prefix.empty())
            note_members(value, key.text + '.', into);
    }
}

void compare_applications(scene& of, const config::node& expected, const sync::application_pile& actual)
{
    json::array all;
    for (const auto& one : actual)
        all.push_back(json_of(one));
    report_differences(expected, all, "applications", {.scalars_as_text = true, .more_members = true}, of.found);
    for (const auto& item : expected.items)
        note_members(item, "", of.shown.application_members);
}

void compare_broken(scene& of, const std::optional<config::node>& expected,
                    const std::vector<sync::broken_record>& actual)
{
    const auto count = expected ? expected->items.size() : 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (i >= count) {
            of.found.add(of.one.where, "record " + actual[i].id + " is broken: " + actual[i].reason);
            continue;
        }
        const auto* id = expected->items[i].find("id");
        const auto* reason = expected->items[i].find("reason");
        if (id && id->text != actual[i].id)
            of.found.add(id->where, "the broken record's id is \"" + actual[i].id + '"');
        if (reason && actual[i].reason.find(reason->text) == std::string::npos)
            of.found.add(reason->where, "the record is broken for another reason: " + actual[i].reason);
    }
    if (actual.size() < count)
        of.found.add(expected->where, "only " + std::to_string(actual.size()) + " records are broken");
}

bool reads_a_page_again(const std::vector<std::string>& targets)
{
    return targets.size() > 1 && std::ranges::count(targets, targets.front()) > 1;
}

void compare_findings(scene& of, const std::optional<config::node>& expected, const std::vector<std::string>& actual)
{
    const auto count = expected ? expected->items.size() : 0;
    for (std::size_t i = 0; i < actual.size(); ++i)
        if (i >= count || actual[i].find(expected->items[i].text) == std::string::npos)
            of.found.add(expected ? expected->where : of.one.where, "the check finds: " + actual[i]);
    if (actual.size() < count)
        of.found.add(expected->where, "the check finds only " + std::to_string(actual.size()) + " of these");
}

} // namespace

void rehearse_poll(scene& of, const poll_example& wanted)
{
    stage on(of, of.one.exchanges, of.one.where);
    const auto answer = run(on.connector().poll({wanted.since, wanted.cursor}));
    if (on.network().has_left_the_example())
        return;
    compare_outcome(of, answer ? "done" : word_of(answer.error()), answer ? "" : answer.error().detail);
    if (!answer || of.one.outcome != "done")
        return;
    if (wanted.applications)
        compare_applications(of, *wanted.applications, answer->applications);
    else
        of.found.add(of.one.where, "the poll gives " + std::to_string(answer->applications.size()) +
                                       " applications: say which in \"applications\"");
    compare_broken(of, wanted.broken, answer->broken);
    if (wanted.cursor_left)
        report_differences(*wanted.cursor_left, answer->cursor, "cursor", {}, of.found);
    of.shown.poll_done = true;
    of.shown.cursor_left = of.shown.cursor_left || wanted.cursor_left;
    of.shown.second_page = of.shown.second_page || reads_a_page_again(on.network().targets());
}

void rehearse_check(scene& of, const check_example& wanted)
{
    stage on(of, of.one.exchanges, of.one.where);
    const auto answer = run(on.connector().check());
    if (on.network().has_left_the_example())
        return;
    compare_outcome(of, answer ? "done" : word_of(answer.error()), answer ? "" : answer.error().detail);
    if (!answer)
        return;
    compare_findings(of, wanted.findings, *answer);
    of.shown.check_done = true;
}

} // namespace testdome_sync::examples
