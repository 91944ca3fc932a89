#include "connectors/rest/connector.hpp"
#include "connectors/rest/presets.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"
#include "tests/unit/rest/described.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <map>

// Request by request, as shared/hr-systems/greenhouse.md has them: the preset is judged by the facts, not by itself.

namespace testdome_sync::rest {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using sync::errc;
using sync::write_outcome;
using testing::json_answer;
using http_answer = http::result<http::response>;

const std::string base = "https://harvest.greenhouse.io/v3";
const std::string job_stages = R"([{"id":71,"job_id":107761,"name":"Online Test","active":true},
  {"id":72,"job_id":107761,"name":"Interview","active":true}])";

/// Greenhouse as a table from `METHOD path` (without its query) to status and body; what isn't there answers 404.
struct greenhouse {
    greenhouse()
    {
        const auto preset = find_preset("greenhouse", {TESTDOME_SYNC_SOURCE_DIR "/connectors/presets"}, found);
        BOOST_REQUIRE(preset);
        auto file = std::make_shared<config::source>();
        file->name = "m.yaml";
        file->text =
            "connector: greenhouse\ncredentials: {client_id: id, client_secret: !env TESTDOME_SYNC_TEST_SECRET, "
            "user_id: 4080}\nrules:\n  - {name: all, test: T, invitation: {reply_to: a@b.c, message: m}}\n";
        ::setenv("TESTDOME_SYNC_TEST_SECRET", "secret", 1);
        const auto tree = config::parse_yaml(file, found);
        auto mapping = config::read_mapping(*tree, "m.yaml", {}, found);
        auto described = read_description(mapping, &*preset, found);
        mapping.library->compile(found);
        BOOST_REQUIRE_MESSAGE(found.empty(), found.text());
        library = mapping.library;
        connector = create_connector(std::move(*described), network, clock, random, events);
        answers["POST /token"] = {200, R"({"access_token":"t","expires_at":"2030-01-01T00:00:00+0000"})"};
        network.on_request([this](const http::request& order) { return reply(order); });
    }

    http_answer reply(const http::request& order)
    {
        const auto url = order.url.substr(0, order.url.find('?'));
        const auto path = url.starts_with(base) ? url.substr(base.size()) : url.substr(url.rfind('/'));
        if (path != "/token")
            calls.push_back(order);
        const auto known = answers.find(order.method + ' ' + path);
        return known == answers.end() ? json_answer(404, R"({"message":"not found"})")
                                      : json_answer(known->second.first, known->second.second);
    }

    sync::result<write_outcome> write(const std::string& action, json::value argument, bool ask_first = false)
    {
        calls.clear();
        sync::write_order order;
        order.action = action;
        order.argument = std::move(argument);
        order.ask_first = ask_first;
        order.document = json::parse(R"({"application":{"id":"2","status":"active"},"applicant":{"id":"1"},
          "job":{"id":"107761","name":"C++ Engineer"},"marker":"td-0123"})")
                             .as_object();
        return testing::run(clock, connector->write(std::move(order)));
    }

    /// `METHOD path?query` of each call after the sign-in, and its body.
    std::vector<std::string> sent() const
    {
        std::vector<std::string> lines;
        for (const auto& order : calls)
            lines.push_back(order.method + ' ' + order.url.substr(base.size()) +
                            (order.body.empty() ? "" : ' ' + json::serialize(json::parse(order.body))));
        return lines;
    }

    void check_sent(const std::vector<std::string>& expected) const
    {
        const auto lines = sent();
        BOOST_TEST(lines == expected, boost::test_tools::per_element());
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
    config::problems found;
    std::shared_ptr<config::jq_library> library;
    std::unique_ptr<sync::hr_connector> connector;
    std::map<std::string, std::pair<int, std::string>> answers;
    std::vector<http::request> calls;
};

bool done(const sync::result<write_outcome>& answer, write_outcome expected = write_outcome::done)
{
    BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().detail));
    return *answer == expected;
}

const std::string read_notes = "GET /notes?application_ids=2&candidate_ids=1&per_page=500&fields=id%2Ccandidate_id%2C"
                               "application_id%2Cbody%2Ccreated_at";

} // namespace

BOOST_FIXTURE_TEST_SUITE(greenhouse_preset, greenhouse)

BOOST_AUTO_TEST_CASE(signing_in_is_as_documented)
{
    answers["POST /notes"] = {201, R"({"id":9})"};
    BOOST_TEST(done(write("note", "hello")));

    const auto& token = network.sent.front();
    BOOST_TEST(token.url == "https://auth.greenhouse.io/token");
    BOOST_TEST(token.body == "grant_type=client_credentials&sub=4080");
    BOOST_TEST(*token.headers.find("Authorization") == "Basic aWQ6c2VjcmV0");
    BOOST_TEST(*network.sent.back().headers.find("Authorization") == "Bearer t");
}

BOOST_AUTO_TEST_CASE(a_note_is_one_request_and_after_a_doubt_it_is_looked_for_first)
{
    answers["POST /notes"] = {201, R"({"id":9})"};
    BOOST_TEST(done(write("note", "Score 87")));
    const std::string made = R"(POST /notes {"candidate_id":1,"application_id":2,"body":"Score 87\n[td-0123]",)"
                             R"("visibility":"public","note_type":"NOTE"})";
    check_sent({made});

    answers["GET /notes"] = {200, R"([{"id":8,"body":"something else"},{"id":7,"body":null}])"};
    BOOST_TEST(done(write("note", "Score 87", true)));
    check_sent({read_notes, made});

    answers["GET /notes"] = {200, R"([{"id":9,"body":"Score 87\n[td-0123]"}])"};
    BOOST_TEST(done(write("note", "Score 87", true), write_outcome::already_done));
    check_sent({read_notes});
}

BOOST_AUTO_TEST_CASE(a_note_that_can_not_be_looked_for_is_not_sent)
{
    answers["POST /notes"] = {201, R"({"id":9})"};
    answers["GET /notes"] = {500, "{}"};
    const auto answer = write("note", "Score 87", true);
    BOOST_REQUIRE(!answer);
    BOOST_TEST((answer.error().code == errc::not_sent));
    for (const auto& line : sent())
        BOOST_TEST(line == read_notes);
}

BOOST_AUTO_TEST_CASE(a_field_is_written_together_with_those_that_are_there)
{
    answers["GET /candidates"] = {200,
                                  R"([{"id":1,"custom_fields":{"salary":{"value":5},"testdome_score":{"value":1}}}])"};
    answers["PATCH /candidates/1"] = {204, ""};
    BOOST_TEST(done(write("field", {{"testdome_score", 87}})));
    check_sent({"GET /candidates?ids=1&per_page=500&fields=id%2Ccustom_fields",
                R"(PATCH /candidates/1 {"custom_fields":[{"name_key":"salary","value":5},)"
                R"({"name_key":"testdome_score","value":87}]})"});

    answers["GET /candidates"] = {200, "[]"};
    const auto answer = write("field", {{"testdome_score", 87}});
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == "the candidate no longer exists in Greenhouse (merged or deleted)");
}

BOOST_AUTO_TEST_CASE(a_tag_is_found_by_its_name_and_applied)
{
    answers["GET /candidate_tags"] = {200, R"([{"id":54,"name":"other"},{"id":55,"name":"TestDome passed"}])"};
    answers["POST /applied_candidate_tags"] = {201, R"({"id":3,"candidate_id":1,"candidate_tag_id":55})"};
    BOOST_TEST(done(write("tag", "TestDome passed")));
    check_sent({"GET /candidate_tags?per_page=500",
                R"(POST /applied_candidate_tags {"candidate_id":1,"candidate_tag_id":55})"});

    answers["GET /applied_candidate_tags"] = {200, R"([{"id":3,"candidate_id":1,"candidate_tag_id":55}])"};
    BOOST_TEST(done(write("tag", "TestDome passed", true), write_outcome::already_done));
    check_sent({"GET /applied_candidate_tags?candidate_ids=1&candidate_tag_ids=55"});

    const auto unknown = write("tag", "no such tag");
    BOOST_REQUIRE(!unknown);
    BOOST_TEST(unknown.error().detail == "Greenhouse has no tag of this name; create it there");
}

BOOST_AUTO_TEST_CASE(a_move_names_the_visit_that_it_ends_and_the_stage_that_it_begins)
{
    const std::string current = "GET /application_stages?application_ids=2&current=true&per_page=500";
    answers["GET /application_stages"] = {
        200, R"([{"id":900,"application_id":2,"job_interview_stage_id":71,"current":true}])"};
    answers["GET /job_interview_stages"] = {200, job_stages};
    answers["POST /applications/2/move"] = {204, ""};
    BOOST_TEST(done(write("move_stage", "Interview")));
    check_sent({current, "GET /job_interview_stages?job_ids=107761&active=true&per_page=500",
                R"(POST /applications/2/move {"from_stage_id":900,"to_stage_id":72})"});

    // It is there: nothing is sent, and no stage rule sends its e-mail again.
    answers["GET /application_stages"] = {
        200, R"([{"id":901,"application_id":2,"job_interview_stage_id":72,"current":true}])"};
    BOOST_TEST(done(write("move_stage", "Interview"), write_outcome::already_done));
    check_sent({current});
}

BOOST_AUTO_TEST_CASE(nothing_is_changed_so_late_that_another_process_may_have_taken_over)
{
    answers["GET /application_stages"] = {
        200, R"([{"id":900,"application_id":2,"job_interview_stage_id":71,"current":true}])"};
    answers["GET /job_interview_stages"] = {200, job_stages};
    answers["POST /applications/2/move"] = {204, ""};
    network.delay = 25s;
    BOOST_TEST(done(write("move_stage", "Interview")));
    network.delay = connector->longest_write(); // of the look-up
    const auto late = write("move_stage", "Interview");
    BOOST_TEST((late.error().code == errc::not_sent));
    BOOST_TEST(std::ranges::count(calls, "POST", &http::request::method) == 0);
}

BOOST_AUTO_TEST_CASE(a_rejection_gives_its_reason_and_happens_once)
{
    answers["GET /applications"] = {200, R"([{"id":2,"status":"in_process"}])"};
    answers["GET /rejection_reasons"] = {200, R"([{"id":815,"name":"Failed the test"}])"};
    answers["POST /applications/2/reject"] = {204, ""};
    BOOST_TEST(done(write("reject", "Failed the test")));
    check_sent({"GET /applications?ids=2&per_page=500", "GET /rejection_reasons?include_defaults=true&per_page=500",
                R"(POST /applications/2/reject {"rejection_reason_id":815})"});

    answers["GET /applications"] = {200, R"([{"id":2,"status":"rejected"}])"};
    BOOST_TEST(done(write("reject", 815), write_outcome::already_done));
}

BOOST_AUTO_TEST_CASE(what_greenhouse_refuses_is_told_in_its_words_and_what_it_may_have_done_is_unknown)
{
    answers["POST /notes"] = {422, R"({"message":"body is too long"})"};
    const auto refused = write("note", "x");
    BOOST_REQUIRE(!refused);
    BOOST_TEST((refused.error().code == errc::refused));
    BOOST_TEST(refused.error().detail.find("body is too long") != std::string::npos, refused.error().detail);

    answers["POST /notes"] = {503, "<html>"};
    const auto unknown = write("note", "x");
    BOOST_REQUIRE(!unknown);
    BOOST_TEST((unknown.error().code == errc::outcome_unknown));
    BOOST_TEST(calls.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
