#include "config/read_mapping.hpp"
#include "connectors/rest/connector.hpp"
#include "connectors/rest/presets.hpp"
#include "sync/application.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/fuzz/scripted_answers.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/parse.hpp>

#include <map>
#include <set>

// The first line says which HR system is asked what: `greenhouse` (the real preset) or a way of paging (`offset`,
// `page`, `cursor`, `since_id`, `next_url`, `each`), then `poll`, `check`, or an action of Greenhouse's such as `note`;
// the rest is what it answers.

namespace {

using namespace testdome_sync;
using fuzzing::promise;

constexpr std::string_view secret = fuzzing::hidden_secrets::value;

const std::string rules = R"(
rules:
  - {name: all, when: !jq '.stage.name == "Online Test"', test: T, invitation: {reply_to: a@b.c, message: m}}
)";

/// Descriptions that differ in what the answers decide: where the next page is.
std::string described_by(const std::string& paging, const std::string& more = {})
{
    return R"(
url: https://hr.example.com/v1
auth: {type: bearer, value: "{{ .credentials.secret }}"}
parameters: {secret: {}}
credentials: {secret: !env TESTDOME_SYNC_FUZZ_SECRET}
answer: {success: !jq '.body.ok != false', error: !jq .body.why}
list:
  request: {path: /apps, query: {since: "{{ .since }}"}}
  records: !jq .body.rows[]
  older: !jq .updated
)" + std::string(more.find("for_each") == std::string::npos ? "  cursor: !jq .body.cursor\n" : "") +
           "  paging: " + paging + more + R"(
split: !jq '. as $whole | (.applications // [.])[] | . + {person: $whole.person}'
application:
  id: !jq .id
  applied_at: !jq .applied
  updated_at: !jq .updated
  status: !jq .status
  applicant: {id: !jq .person.id, name: !jq .person.name, email: !jq .person.email}
  job: {id: !jq .job, name: "Job {{ .job }}"}
)" + rules;
}

const std::map<std::string, std::string>& descriptions()
{
    static const std::map<std::string, std::string> all{
        {"offset", described_by("{type: offset, parameter: skip, size: 2}")},
        {"page", described_by("{type: page, parameter: page, more: !jq .body.more}")},
        {"cursor", described_by("{type: cursor, parameter: after, next: !jq .body.next, in: body}")},
        {"since_id", described_by("{type: since_id, parameter: id, next: !jq '.body.rows[-1].id', in: header}")},
        {"next_url", described_by("{type: next_url, next: !jq .body.next}")},
        {"each", described_by("{type: none}", R"(
  for_each: {request: {path: /jobs}, items: !jq '.body.rows[].id'})")},
        {"needs", described_by("{type: page, in: path, parameter: page, total: !jq .body.total}", R"yaml(
  every: 1h
time_zone: Europe/Zagreb
lookups:
  me:
    request:
      path: /me
      answer:
        rules:
          - {when: !jq .status == 500, then: skip}
          - {when: !jq '.body.error == "locked"', then: retry, wait: 5s, message: !jq .body.why}
          - {when: !jq .body.error, then: forget_cursor}
    value: !jq '.pages[0].id'
    cache: 1h
enrich:
  more:
    ids: !jq .id
    request: {path: "/more/{{ .id }}", query: {me: !jq .lookup.me}}
    paging: {type: next_url, next: !jq .body.next, keep_query: true}
    records: !jq '.body.rows[]'
    many: true)yaml")}};
    return all;
}

struct understood {
    std::shared_ptr<config::jq_library> library;
    rest::description what;
};

understood understand(const std::string& name)
{
    fuzzing::the_secrets();
    config::problems found;
    std::optional<config::node> preset;
    auto file = std::make_shared<config::source>();
    file->name = name + ".yaml";
    if (name == "greenhouse") {
        preset = rest::find_preset(name, {TESTDOME_SYNC_SOURCE_DIR "/connectors/presets"}, found);
        file->text = "connector: greenhouse\ncredentials: {client_id: id, client_secret: !env "
                     "TESTDOME_SYNC_FUZZ_SECRET, user_id: 4080}\n" +
                     rules;
    } else {
        file->text = "connector: rest" + descriptions().at(name);
    }
    const auto tree = config::parse_yaml(file, found);
    promise(tree.has_value(), "the target's own description is YAML", found.text());
    const auto mapping = config::read_mapping(*tree, "m.yaml", {}, found);
    auto what = rest::read_description(mapping, preset ? &*preset : nullptr, found);
    mapping.library->compile(found);
    promise(found.empty(), "the target's own description is well", found.text());
    return {mapping.library, std::move(*what)};
}

const understood& system_named(const std::string& name)
{
    static std::map<std::string, understood> known;
    const auto real = descriptions().contains(name) ? name : "greenhouse";
    auto place = known.find(real);
    if (place == known.end())
        place = known.emplace(real, understand(real)).first;
    return place->second;
}

void check(const sync::poll_answer& answer, const fuzzing::scripted_answers& given)
{
    std::set<std::string> ids;
    for (const auto& one : answer.applications) {
        promise(!one.id.empty(), "an application has an id");
        promise(ids.insert(one.id).second, "each application is told once", one.id);
        fuzzing::check_storable(sync::to_document(one));
        const auto again = sync::application_from(sync::to_document(one));
        promise(again.id == one.id && again.applicant.email == one.applicant.email, "an application can be stored");
        if (one.updated_at)
            promise(again.updated_at.has_value(), "its time can be stored", sync::to_text(*one.updated_at));
    }
    for (const auto& one : answer.broken)
        promise(!one.reason.empty() && (given.mention(secret) || one.reason.find(secret) == std::string::npos),
                "a reason tells no secret", one.reason);
}

const std::vector<std::string> actions{"note", "field", "tag", "move_stage", "reject"};

sync::write_order order_for(const std::string& action)
{
    sync::write_order order;
    order.action = action;
    order.argument =
        action == "field" ? boost::json::parse(R"({"testdome_score":87})") : boost::json::value("Interview");
    order.document = boost::json::parse(R"({"application":{"id":"2","status":"active"},"applicant":{"id":"1"},
      "job":{"id":"107761","name":"C++ Engineer"},"marker":"td-0123"})")
                         .as_object();
    order.ask_first = true;
    return order;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzzing::scripted_answers answers(fuzzing::text_of(data, size));
    const auto& line = answers.first_line();
    const auto blank = std::min(line.find(' '), line.size());
    const auto task = line.substr(std::min(blank + 1, line.size()));
    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network([&](const http::request& order) { return answers.reply(order); });
    const auto connector =
        rest::create_connector(system_named(line.substr(0, blank)).what, network, clock, random, events);
    const auto failed = [&](const auto& answer) {
        if (!answer)
            fuzzing::check_failure(answer.error(), answers, secret);
    };
    if (task == "check") {
        failed(testing::run(clock, connector->check()));
    } else if (std::ranges::count(actions, task) == 0) {
        const auto answer = testing::run(clock, connector->poll({clock.wall() - std::chrono::hours{1}, nullptr}));
        failed(answer);
        if (answer)
            check(*answer, answers);
    } else {
        const auto answer = testing::run(clock, connector->write(order_for(task)));
        failed(answer);
        if (answer ? *answer == sync::write_outcome::done : true)
            answers.check_effect(fuzzing::failure_in(answer));
    }
    answers.check_requests({"harvest.greenhouse.io:443", "auth.greenhouse.io:443", "hr.example.com:443"});
    for (const auto& event : events.all)
        promise(answers.mention(secret) || event.text.find(secret) == std::string::npos, "the log tells no secret",
                event.text);
    return 0;
}
