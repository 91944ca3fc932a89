#include "connectors/examples/rehearsal.hpp"

#include "connectors/examples/differences.hpp"
#include "connectors/examples/script.hpp"
#include "connectors/rest/connector.hpp"
#include "sync/application.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>

#include <algorithm>
#include <exception>
#include <set>

namespace testdome_sync::examples {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// Runs one call of the connector to its end.
template <class T>
sync::result<T> run(asio::awaitable<sync::result<T>> call)
{
    asio::io_context context(1);
    std::exception_ptr thrown;
    std::optional<sync::result<T>> answer;
    asio::co_spawn(context, std::move(call), [&](std::exception_ptr error, sync::result<T> value) {
        thrown = error;
        answer.emplace(std::move(value));
    });
    context.run();
    if (thrown)
        std::rethrow_exception(thrown);
    if (!answer)
        throw std::logic_error("the connector waits for something that never comes");
    return std::move(*answer);
}

/// A connector as it is after a start of the program, and the network that it sees.
class stage {
public:
    stage(const example& one, const std::vector<exchange>& exchanges, const config::position& end,
          const example_file& file, const rest::description& described, config::problems& found)
        : network({one.sign_in ? *one.sign_in : file.sign_in,
                   exchanges,
                   {described.url, file.every_request_headers, file.every_request_query},
                   end},
                  found),
          connector(rest::create_connector(described, network, clock_, random_, events_))
    {
    }

private:
    script_clock clock_{*sync::time_from("2026-11-24T08:00:00Z")};
    no_jitter random_;
    no_log events_;

public:
    script network;
    std::unique_ptr<sync::hr_connector> connector;
};

std::string word_of(const sync::failure& why)
{
    static const std::vector<std::string> words{"not_sent",  "outcome_unknown", "refused",    "denied",
                                                "not_found", "malformed",       "unsupported"};
    const auto number = static_cast<std::size_t>(why.code.value());
    return number >= 1 && number <= words.size() ? words[number - 1] : why.code.message();
}

/// `failure`: why it is not done; empty if it is.
void compare_outcome(const example& one, const std::string& outcome, const std::string& failure,
                     config::problems& found)
{
    if (outcome != one.outcome)
        found.add(one.outcome_where, "the outcome is " + outcome + (failure.empty() ? "" : " (" + failure + ')') +
                                         " instead of " + one.outcome);
    else if (!one.says.empty() && failure.find(one.says) == std::string::npos)
        found.add(one.outcome_where, "the failure says \"" + failure + "\", not \"" + one.says + '"');
}

json::value json_of(const sync::application& from)
{
    auto document = sync::to_document(from);
    auto made = document["application"].as_object();
    made["applicant"] = document["applicant"];
    made["job"] = document["job"];
    made["stage"] = document["stage"];
    made["raw"] = document["raw"];
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

void compare_applications(const config::node& expected, const std::vector<sync::application>& actual,
                          shown_parts& shown, config::problems& found)
{
    json::array all;
    for (const auto& one : actual)
        all.push_back(json_of(one));
    report_differences(expected, all, "applications", {.scalars_as_text = true, .more_members = true}, found);
    for (const auto& item : expected.items)
        note_members(item, "", shown.application_members);
}

void compare_broken(const poll_example& wanted, const std::vector<sync::broken_record>& actual,
                    const config::position& where, config::problems& found)
{
    const auto count = wanted.broken ? wanted.broken->items.size() : 0;
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const auto* expected = i < count ? &wanted.broken->items[i] : nullptr;
        const auto* id = expected ? expected->find("id") : nullptr;
        const auto* reason = expected ? expected->find("reason") : nullptr;
        if (!expected)
            found.add(where, "record " + actual[i].id + " is broken: " + actual[i].reason);
        if (id && id->text != actual[i].id)
            found.add(id->where, "the broken record's id is \"" + actual[i].id + '"');
        if (reason && actual[i].reason.find(reason->text) == std::string::npos)
            found.add(reason->where, "the record is broken for another reason: " + actual[i].reason);
    }
    if (actual.size() < count)
        found.add(wanted.broken->where, "only " + std::to_string(actual.size()) + " records are broken");
}

bool reads_a_page_again(const std::vector<std::string>& targets)
{
    return targets.size() > 1 && std::ranges::count(targets, targets.front()) > 1;
}

void rehearse_poll(const example& one, const poll_example& wanted, stage& on, shown_parts& shown,
                   config::problems& found)
{
    auto answer = run(on.connector->poll({wanted.since, wanted.cursor}));
    if (on.network.has_left_the_example())
        return;
    compare_outcome(one, answer ? "done" : word_of(answer.error()), answer ? "" : answer.error().detail, found);
    if (!answer || one.outcome != "done")
        return;
    if (wanted.applications)
        compare_applications(*wanted.applications, answer->applications, shown, found);
    else
        found.add(one.where, "the poll gives " + std::to_string(answer->applications.size()) +
                                 " applications: say which in \"applications\"");
    compare_broken(wanted, answer->broken, one.where, found);
    if (wanted.cursor_left)
        report_differences(*wanted.cursor_left, answer->cursor, "cursor", {}, found);
    shown.poll_done = true;
    shown.cursor_left = shown.cursor_left || wanted.cursor_left;
    shown.second_page = shown.second_page || reads_a_page_again(on.network.targets());
}

void rehearse_check(const example& one, const check_example& wanted, stage& on, shown_parts& shown,
                    config::problems& found)
{
    auto answer = run(on.connector->check());
    if (on.network.has_left_the_example())
        return;
    compare_outcome(one, answer ? "done" : word_of(answer.error()), answer ? "" : answer.error().detail, found);
    if (!answer)
        return;
    shown.check_done = true;
    const auto count = wanted.findings ? wanted.findings->items.size() : 0;
    for (std::size_t i = 0; i < answer->size(); ++i)
        if (i >= count || (*answer)[i].find(wanted.findings->items[i].text) == std::string::npos)
            found.add(wanted.findings ? wanted.findings->where : one.where, "the check finds: " + (*answer)[i]);
    if (answer->size() < count)
        found.add(wanted.findings->where, "the check finds only " + std::to_string(answer->size()) + " of these");
}

sync::write_order order_of(const action_example& wanted, bool ask_first)
{
    return {wanted.action, wanted.argument, wanted.document, ask_first};
}

std::string word_of(const sync::result<sync::write_outcome>& answer)
{
    if (!answer)
        return word_of(answer.error());
    return *answer == sync::write_outcome::done ? "done" : "already_done";
}

std::string detail_of(const sync::result<sync::write_outcome>& answer)
{
    return answer ? std::string{} : answer.error().detail;
}

bool same_request(const http::request& one, const http::request& other)
{
    return one.method == other.method && one.url == other.url && one.body == other.body;
}

/// The action was carried out and its answer lost; the program starts anew and does what the engine does then.
void rehearse_again(const example& one, const action_example& wanted, const example_file& file,
                    const rest::description& described, config::problems& found)
{
    stage first(one, one.exchanges, one.where, file, described, found);
    first.network.lose_first_effect();
    const auto lost = run(first.connector->write(order_of(wanted, wanted.ask_first)));
    if (first.network.has_left_the_example())
        return;
    if (!first.network.has_lost() || lost || lost.error().code != sync::errc::outcome_unknown) {
        found.add(wanted.again_where, "no request of this example changes anything, so nothing can be in doubt");
        return;
    }
    stage second(one, wanted.again, wanted.again_where, file, described, found);
    const auto answer = run(second.connector->write(order_of(wanted, true)));
    second.network.report_unused();
    if (second.network.has_left_the_example())
        return;
    const auto& before = first.network.effects();
    const auto& after = second.network.effects();
    if (second.connector->repeats(wanted.action) == sync::repeatability::idempotent) {
        if (!answer || after.size() != 1 || !same_request(before.front(), after.front()))
            found.add(wanted.again_where,
                      "the action is idempotent, but \"again\" doesn't end with the same request (" + word_of(answer) +
                          ' ' + detail_of(answer) + ')');
        return;
    }
    if (!after.empty())
        found.add(wanted.again_where, "the action is carried out twice: " + http::printable(after.front()));
    else if (!answer || *answer != sync::write_outcome::already_done)
        found.add(wanted.again_where, "after the doubt the outcome is " + word_of(answer) + ' ' + detail_of(answer) +
                                          " instead of already_done");
}

void rehearse_repetition(const example& one, const action_example& wanted, const example_file& file,
                         const rest::description& described, sync::repeatability repeats, config::problems& found)
{
    const bool uncertain = repeats == sync::repeatability::uncertain;
    if (wanted.repeat == repetition::never && !uncertain)
        found.add(wanted.again_where, std::string("the action is ") +
                                          (repeats == sync::repeatability::idempotent ? "idempotent" : "checkable") +
                                          ", so the engine repeats it: write the exchanges of the repetition");
    if (wanted.repeat == repetition::by_exchanges && uncertain)
        found.add(wanted.again_where,
                  "the action is neither idempotent nor has \"already\", so the engine never repeats it: again: never");
    if (wanted.repeat == repetition::by_exchanges && !uncertain)
        rehearse_again(one, wanted, file, described, found);
}

void rehearse_action(const example& one, const action_example& wanted, stage& on, const example_file& file,
                     const rest::description& described, shown_parts& shown, config::problems& found)
{
    const auto before = found.list().size();
    const auto answer = run(on.connector->write(order_of(wanted, wanted.ask_first)));
    if (on.network.has_left_the_example())
        return;
    compare_outcome(one, word_of(answer), detail_of(answer), found);
    if (on.network.effects().size() > 1)
        found.add(one.where, "the action changes the HR system twice");
    if (answer && *answer == sync::write_outcome::done)
        shown.actions_done.insert(wanted.action);
    if (wanted.repeat == repetition::not_shown || found.list().size() > before)
        return;
    rehearse_repetition(one, wanted, file, described, on.connector->repeats(wanted.action), found);
    if (found.list().size() == before)
        shown.actions_repeated.insert(wanted.action);
}

/// Whether the requests of this example are compared with what signs them in.
bool shows_the_signing(const example& one, const example_file& file, const rest::auth_description& auth)
{
    if (auth.type == rest::auth_type::query)
        return !one.exchanges.empty(); // every parameter is compared
    const auto header = auth.type == rest::auth_type::header ? auth.name : std::string("Authorization");
    return file.every_request_headers.find(header) ||
           std::ranges::any_of(one.exchanges, [&](const exchange& of) { return of.headers.find(header) != nullptr; });
}

} // namespace

void rehearse(const example& one, const example_file& file, const rest::description& described, shown_parts& shown,
              config::problems& found)
{
    auto own = described;
    const auto* check = std::get_if<check_example>(&one.what);
    if (check)
        own.used_names = check->names;
    stage on(one, one.exchanges, one.where, file, own, found);
    if (check)
        rehearse_check(one, *check, on, shown, found);
    else if (const auto* poll = std::get_if<poll_example>(&one.what))
        rehearse_poll(one, *poll, on, shown, found);
    else
        rehearse_action(one, std::get<action_example>(one.what), on, file, own, shown, found);
    on.network.report_unused();
    shown.signed_in = shown.signed_in || (!one.exchanges.empty() && shows_the_signing(one, file, own.auth));
}

} // namespace testdome_sync::examples
