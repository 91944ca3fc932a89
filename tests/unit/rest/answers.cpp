// What an answer means: the table, success in the body, and the safe side where neither says.
#include "tests/unit/rest/hr_system.hpp"

namespace testdome_sync::rest {

using namespace std::chrono_literals;
using sync::errc;
using testing::json_answer;

namespace {

const std::string table = R"(answer:
  rules:
    - {when: !jq '.body.error.type? == "locked"', then: retry, wait: 5s}
    - {when: !jq '.body.error.type? == "exists"', then: skip}
    - {when: !jq '.body.error.type? == "no_right"', then: denied, message: !jq '"ask " + .body.error.who'}
    - {when: !jq '.body.error.type? == "gone"', then: not_found}
    - {when: !jq '.body.error.type? == "half"', then: unknown}
    - {when: !jq '.body.error.type? == "fine"', then: success}
    - {when: !jq '.body.error.type? == "too_far"', then: stop}
    - {when: !jq '.status == 503 and .headers["x-limit"] == "yes"', then: retry}
  success: !jq .body.ok != false
  error: !jq .headers["x-error-message"] // .body.error.text?
)";

const std::string with_note =
    listing("", table + "actions: {note: {request: {path: /notes, body: {text: !jq .argument}}}}\n");

std::string error_of(const std::string& type)
{
    return R"({"error":{"type":")" + type + R"(","text":"the words","who":"Bob"}})";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(answers, hr_system)

BOOST_AUTO_TEST_CASE(the_table_tells_what_an_action_has_come_to)
{
    start(with_note);
    const auto outcome_of = [&](int status, const std::string& type) {
        on("POST /notes", {json_answer(status, error_of(type))});
        return outcome("note");
    };
    for (const int status : {200, 400, 409, 500}) {
        BOOST_TEST(outcome_of(status, "exists") == "already_done");
        BOOST_TEST(outcome_of(status, "no_right") == word(errc::denied));
        BOOST_TEST(detail == "POST https://hr.example.com/notes: answered " + std::to_string(status) + ": \"ask Bob\"");
        BOOST_TEST(outcome_of(status, "gone") == word(errc::not_found));
        BOOST_TEST(detail.find("\"the words\"") != std::string::npos, detail);
        BOOST_TEST(outcome_of(status, "half") == word(errc::outcome_unknown));
        BOOST_TEST(outcome_of(status, "fine") == "done");
        BOOST_TEST(outcome_of(status, "too_far") == word(errc::outcome_unknown)); // says nothing of an action
    }
}

BOOST_AUTO_TEST_CASE(a_change_that_the_table_says_was_not_carried_out_is_sent_again_after_its_wait)
{
    start(with_note);
    on("POST /notes",
       {json_answer(200, error_of("locked")), json_answer(500, error_of("locked")), json_answer(200, "{}")});
    const auto before = clock.now();
    BOOST_TEST(outcome("note") == "done");
    BOOST_TEST(sent().size() == 3U);
    BOOST_TEST((clock.now() - before >= 10s));

    on("POST /notes", {with_header(json_answer(503, ""), "X-Limit", "yes"), json_answer(200, "{}")});
    BOOST_TEST(outcome("note") == "done");
    sent();
    on("POST /notes", {json_answer(503, "")}); // this one may be anything
    BOOST_TEST(outcome("note") == word(errc::outcome_unknown));
    BOOST_TEST(sent().size() == 1U);

    on("POST /notes", {json_answer(200, error_of("locked"))});
    BOOST_TEST(outcome("note") == word(errc::not_sent));
    BOOST_TEST(detail.find("\"the words\"") != std::string::npos, detail);
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_an_unknown_outcome_of_a_change_and_a_failed_question)
{
    start(with_note);
    const auto after = [&](int status, const std::string& body) {
        on("POST /notes", {json_answer(status, body)});
        return outcome("note");
    };
    BOOST_TEST(after(200, "<html>sign in</html>") == word(errc::outcome_unknown));
    BOOST_TEST(after(302, "") == word(errc::outcome_unknown));
    BOOST_TEST(after(200, "\"a text where the table wants an object\"") == word(errc::outcome_unknown));
    BOOST_TEST(detail.find("the table of answers can't judge") != std::string::npos, detail);
    BOOST_TEST(after(200, "OK") == "done"); // words that aren't JSON are as good as none
    BOOST_TEST(after(200, "") == "done");
    BOOST_TEST(after(204, "") == "done");
    BOOST_TEST(after(422, R"({"message":"too long"})") == word(errc::refused));
    BOOST_TEST(after(200, R"({"ok":false,"error":{"text":"no"}})") == word(errc::refused));
    BOOST_TEST(detail == "POST https://hr.example.com/notes: the answer says that it failed: \"no\"");

    on("GET /apps", {json_answer(200, "\"a text\"")});
    const auto read = poll();
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().code == errc::malformed));
}

BOOST_AUTO_TEST_CASE(a_rule_that_can_not_be_evaluated_is_the_safe_side)
{
    start(listing("", "answer: {rules: [{when: !jq '.body.code + 1 == 2', then: fail}]}\n"
                      "actions: {note: {request: {path: /notes}}}\n"));
    on("POST /notes", R"({"code":"a text"})");
    BOOST_TEST(outcome("note") == word(errc::outcome_unknown));
    BOOST_TEST(detail.find("the table of answers can't judge") != std::string::npos, detail);
    on("POST /notes", R"({"code":1})");
    BOOST_TEST(outcome("note") == word(errc::refused));
    on("GET /apps", R"({"code":"a text","rows":[]})");
    BOOST_TEST((poll().error().code == errc::malformed));
}

BOOST_AUTO_TEST_CASE(a_success_that_can_not_be_told_is_the_safe_side)
{
    start(listing("", "answer: {success: !jq '.body.code + 1 == 2'}\nactions: {note: {request: {path: /notes}}}\n"));
    on("POST /notes", R"({"code":"a text"})");
    BOOST_TEST(outcome("note") == word(errc::outcome_unknown));
    BOOST_TEST(detail.find("whether that is a success can't be told") != std::string::npos, detail);
    on("GET /apps", R"({"code":"a text","rows":[]})");
    BOOST_TEST((poll().error().code == errc::malformed));
}

BOOST_AUTO_TEST_CASE(the_hr_system_s_own_words_come_from_where_it_puts_them)
{
    start(with_note);
    on("POST /notes", {with_header(json_answer(403, ""), "X-Error-Message", "No access to applicants")});
    BOOST_TEST(outcome("note") == word(errc::denied));
    BOOST_TEST(detail == "POST https://hr.example.com/notes: answered 403: \"No access to applicants\"; check the "
                         "rights of these credentials");
}

BOOST_AUTO_TEST_CASE(a_request_s_own_table_comes_first_and_sees_what_the_action_sees)
{
    start(listing("", table + R"(actions:
  field:
    request:
      method: PUT
      path: /fields
      body: !jq .argument
      answer:
        rules:
          - {when: !jq '(.argument | keys) - (.body.data | keys) != []', then: fail, message: !jq '"no such field"'}
          - {when: !jq '.body.error.type? == "exists"', then: fail}
)"));
    on("PUT /fields", R"({"data":{"score":87}})");
    BOOST_TEST(outcome("field", {{"score", 87}}) == "done");
    BOOST_TEST(outcome("field", {{"skore", 87}}) == word(errc::refused));
    BOOST_TEST(detail == "PUT https://hr.example.com/fields: answered 200: \"no such field\"");
    on("PUT /fields", R"({"data":{"score":87},"error":{"type":"exists"}})");
    BOOST_TEST(outcome("field", {{"score", 87}}) == word(errc::refused));
}

BOOST_AUTO_TEST_CASE(a_list_may_end_or_be_empty_by_the_table)
{
    start(listing("  paging: {type: page, parameter: page, size: 1}\n", table));
    on("GET /apps", {json_answer(200, R"({"rows":[{"id":1}]})"), json_answer(200, R"({"rows":[{"id":2}]})"),
                     json_answer(400, error_of("too_far"))});
    BOOST_TEST(ids() == "1 2");
    on("GET /apps", {json_answer(404, error_of("exists"))});
    BOOST_TEST(ids() == "");
    on("GET /apps", {json_answer(304, "")});
    BOOST_TEST(ids() == "");
    on("GET /apps", {json_answer(400, error_of("no_right"))});
    BOOST_TEST(ids().starts_with("failure: GET https://hr.example.com/apps: answered 400: \"ask Bob\""));
}

BOOST_AUTO_TEST_CASE(a_rule_may_look_at_the_status_a_header_or_the_body)
{
    const auto first = json_answer(200, R"({"rows":[{"id":1}]})");
    const auto second = json_answer(200, R"({"rows":[{"id":2}]})");
    const auto outcome_of = [&](const std::string& when, const std::string& then, const http::response& special) {
        start(listing("  paging: {type: page, parameter: p, size: 1}\n",
                      "answer: {rules: [{when: !jq '" + when + "', then: " + then + "}]}\n"));
        on("GET /apps", {first, special, second, json_answer(200, R"({"rows":[]})")});
        const auto found = ids();
        return found.starts_with("failure") ? "failure" : found;
    };
    const std::vector<std::pair<std::string, http::response>> places{
        {".status == 418", json_answer(418, "")},
        {R"(.headers["x-verdict"] == "odd")",
         with_header(json_answer(200, R"({"rows":[{"id":9}]})"), "X-Verdict", "odd")},
        {".body.verdict == \"odd\"", json_answer(200, R"({"verdict":"odd","rows":[{"id":9}]})")}};
    for (const auto& [when, special] : places) {
        BOOST_TEST(outcome_of(when, "retry, wait: 3s", special) == "1 2", when); // the same page once more
        BOOST_TEST(outcome_of(when, "stop", special) == "1", when);
        BOOST_TEST(outcome_of(when, "skip", special) == "1", when); // nothing there
        BOOST_TEST(outcome_of(when, "fail", special) == "failure", when);
    }
}

BOOST_AUTO_TEST_CASE(no_credential_is_told_even_if_the_hr_system_repeats_it)
{
    start(listing("", "credentials: {key: s3cr3t-key, company: acme-inc}\nparameters: {key: {}, company: {secret: "
                      "false}}\nauth: {type: query, name: apikey, value: '{{ .credentials.key }}'}\nactions: {note: "
                      "{request: {path: /notes}}}\n"));
    on("POST /notes", {json_answer(400, R"({"message":"Invalid key s3cr3t-key of acme-inc"})")});
    BOOST_TEST(outcome("note") == word(errc::refused));
    BOOST_TEST(detail == "POST https://hr.example.com/notes: answered 400: \"Invalid key … of acme-inc\"");
    on("GET /apps", {json_answer(401, R"({"message":"Invalid key s3cr3t-key"})")});
    BOOST_TEST(ids().find("s3cr3t") == std::string::npos);
    network.on_request([](const http::request&) -> reply {
        return http::failure{http::errc::connect_failed, "no way to s3cr3t-key", false};
    });
    BOOST_TEST(ids().find("s3cr3t") == std::string::npos);
    for (const auto& event : events.all)
        BOOST_TEST(event.text.find("s3cr3t") == std::string::npos, event.text);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
