// What an action is as requests.
#include "tests/unit/rest/hr_system.hpp"

namespace testdome_sync::rest {

using sync::errc;
using testing::json_answer;
using testing::network_failure;

namespace {

using list = std::vector<std::string>;

const std::string tag = listing("", R"(actions:
  tag:
    lookups:
      id: {creates: true, request: {path: /tag.create, body: {title: !jq .argument}}, value: !jq '.pages[0].id', missing: no tag was made}
    already: {request: {method: POST, path: /tags.of, body: {person: !jq .applicant.id}}, when: !jq '.lookup.id as $id | .pages[0].tags | index($id) != null'}
    request: {path: /tag.add, body: {person: !jq .applicant.id, tag: !jq .lookup.id}}
)");

} // namespace

BOOST_FIXTURE_TEST_SUITE(writing, hr_system)

BOOST_AUTO_TEST_CASE(what_an_action_needs_is_made_first_and_making_it_twice_is_no_harm)
{
    start(tag);
    on("POST /tag.create", {json_answer(503, ""), json_answer(200, R"({"id":5})")});
    on("POST /tag.add", {json_answer(204, "")});
    BOOST_TEST(outcome("tag", "passed") == "done");
    BOOST_TEST((sent() == list{R"(POST /tag.create {"title":"passed"})", R"(POST /tag.create {"title":"passed"})",
                               R"(POST /tag.add {"person":"1","tag":5})"}));
    on("POST /tag.create", {json_answer(200, "<html>")});
    BOOST_TEST(outcome("tag", "passed") == word(errc::malformed)); // the tag wasn't set, whatever was made
    on("POST /tag.create", "{}");
    BOOST_TEST(outcome("tag", "passed") == word(errc::not_found));
    BOOST_TEST(detail == "no tag was made");
    on("POST /tag.create", R"({"id":5})");
    on("POST /tags.of", R"({"tags":[5]})");
    BOOST_TEST((*write("tag", "passed", true) == sync::write_outcome::already_done));
    on("POST /tag.add", {json_answer(500, "")});
    BOOST_TEST(outcome("tag", "passed") == word(errc::outcome_unknown));
}

BOOST_AUTO_TEST_CASE(the_first_request_that_fits_is_sent_and_only_what_is_needed_is_asked)
{
    start(listing("", R"(actions:
  field:
    lookups:
      old: {request: {path: "/values/{{ .applicant.id }}"}, value: !jq '.pages[0].id'}
      type: {when: !jq .lookup.old == null, request: {path: /types}, value: !jq '.pages[0]'}
      text: {value: !jq '"[" + (.argument | tostring) + "]"'}
    request:
      - {when: !jq .lookup.old != null, request: {method: PATCH, path: "/values/{{ .lookup.old }}", body: {value: !jq .lookup.text}}}
      - {when: !jq .lookup.type != null, request: {path: /values, form: {value: !jq .lookup.text, type: !jq .lookup.type}}}
)"));
    on("GET /values/1", R"({"id":4})");
    on("PATCH /values/4", "{}");
    BOOST_TEST(outcome("field", 87) == "done");
    BOOST_TEST((sent() == list{"GET /values/1", R"(PATCH /values/4 {"value":"[87]"})"}));
    on("GET /values/1", "{}");
    on("GET /types", "3");
    on("POST /values", "{}");
    BOOST_TEST(outcome("field", 87) == "done");
    BOOST_TEST((sent() == list{"GET /values/1", "GET /types", "POST /values value=%5B87%5D&type=3"}));
    on("GET /types", {json_answer(204, "")});
    BOOST_TEST(outcome("field", 87) == word(errc::refused));
    BOOST_TEST(detail == "none of the requests of action \"field\" fits");
}

BOOST_AUTO_TEST_CASE(a_lookup_can_say_why_the_action_must_not_be)
{
    start(listing("", R"(actions:
  move_stage:
    idempotent: true
    lookups:
      placement: {request: {path: /placement}, value: !jq '.pages[0] | select(.rejected_at == null)', missing: a move would take back the rejection}
    request: {path: /move}
)"));
    on("GET /placement", R"({"rejected_at":"2026-01-01"})");
    BOOST_TEST(outcome("move_stage") == word(errc::not_found));
    BOOST_TEST(detail == "a move would take back the rejection");
    BOOST_TEST((sent() == list{"GET /placement"}));
}

BOOST_AUTO_TEST_CASE(headers_and_bodies_are_what_the_description_says)
{
    start(listing(
        "",
        R"(headers: {Content-Type: application/vnd.api+json, Accept: application/json; version=1, X-Api-Version: 20240404, X-Version: 2.0, X-None: !jq .credentials.none}
actions:
  json: {request: {path: /a, body: {a: 1}}}
  text: {request: {path: /a, text: "{{ .argument }}"}}
  own: {request: {path: /a, headers: {X-Api-Version: [1, b], X-Time: !jq .now}, body: !jq null}}
  header: {request: {path: /a, headers: {X-Text: !jq .argument}}}
)"));
    on("POST /a", "{}");
    const auto header = [&](const char* name) {
        const auto value = network.sent.back().headers.find(name);
        return value ? std::string(*value) : "none";
    };
    BOOST_TEST(outcome("json") == "done");
    BOOST_TEST(header("Content-Type") == "application/vnd.api+json");
    BOOST_TEST(header("Accept") == "application/json; version=1");
    BOOST_TEST(header("X-Api-Version") == "20240404");
    BOOST_TEST(header("X-Version") == "2.0");
    BOOST_TEST(header("X-None") == "none");
    BOOST_TEST(outcome("text", "Zażółć") == "done");
    BOOST_TEST(header("Content-Type") == "text/plain; charset=utf-8");
    BOOST_TEST(network.sent.back().body == "Zażółć");
    BOOST_TEST(outcome("own") == "done");
    BOOST_TEST(header("Content-Type") == "none");
    BOOST_TEST(header("X-Api-Version") == "1, b");
    BOOST_TEST(header("X-Time") == "2026-11-24T08:00:00Z");
    BOOST_TEST(network.sent.back().body == "");
    const auto before = network.sent.size();
    BOOST_TEST(outcome("header", "a\r\nX-Evil: 1") == word(errc::refused));
    BOOST_TEST(network.sent.size() == before);
}

BOOST_AUTO_TEST_CASE(a_question_that_is_answered_badly_is_about_its_action_and_one_that_all_need_about_the_service)
{
    start(listing("", R"(actions:
  note:
    already: {request: {path: /notes}, when: !jq '.pages[0].there'}
    request: {path: /note}
)"));
    const auto ask = [&] {
        const auto answer = write("note", "x", true);
        return answer ? std::string("done") : word(static_cast<errc>(answer.error().code.value()));
    };
    on("POST /note", "{}");
    for (const auto* answer : {"<html>", R"({"there":7)", "[1]"}) {
        on("GET /notes", answer);
        BOOST_TEST(ask() == word(errc::malformed), answer);
    }
    on("GET /notes", {json_answer(503, "")});
    BOOST_TEST(ask() == word(errc::not_sent));
    on("GET /notes", {json_answer(401, "")});
    BOOST_TEST(ask() == word(errc::denied));
    for (const auto& one : sent())
        BOOST_TEST(!one.starts_with("POST"), one);

    start(listing("", R"(lookups: {company: {request: {path: /company}, value: !jq '.pages[0].id'}}
actions: {note: {request: {path: /note}}}
)"));
    on("GET /company", "<html>");
    BOOST_TEST(outcome("note") == word(errc::not_sent));
}

BOOST_AUTO_TEST_CASE(nothing_of_a_lost_answer_is_sent_again)
{
    start(tag);
    on("POST /tag.create", R"({"id":5})");
    network.on_request([&](const http::request& order) -> reply {
        if (order.url.ends_with("/tag.add"))
            return network_failure(http::errc::receive_failed, true);
        return answer_to(order);
    });
    BOOST_TEST(outcome("tag") == word(errc::outcome_unknown));
    BOOST_TEST(sent().size() == 2U);
    BOOST_TEST((connector->repeats("tag") == sync::repeatability::checkable));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
