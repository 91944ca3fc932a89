#include "tests/support/replace_once.hpp"
#include "tests/unit/examples/played.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::examples {
namespace {

/// What is told when something in the examples (or in the preset) is another thing.
std::string with_examples(const std::string& from, const std::string& to)
{
    auto text = whole;
    testing::replace_once(text, from, to);
    return played(preset, text).complaints();
}

std::string with_preset(const std::string& from, const std::string& to)
{
    auto text = preset;
    testing::replace_once(text, from, to);
    return played(text, whole).complaints();
}

/// Prints what was said instead.
boost::test_tools::predicate_result says(const std::string& complaints, const std::string& part)
{
    boost::test_tools::predicate_result found(complaints.find(part) != std::string::npos);
    if (!found)
        found.message() << "said: " << complaints;
    return found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(preset_tests)

BOOST_AUTO_TEST_CASE(a_preset_that_does_what_its_examples_say_is_well)
{
    const played both(preset, whole);
    BOOST_TEST(both.complaints() == "");
    BOOST_REQUIRE(both.report);
    BOOST_TEST(both.report->well());
    BOOST_TEST(both.report->examples.size() == 5U);
}

BOOST_AUTO_TEST_CASE(another_body_is_told_at_its_own_value)
{
    BOOST_TEST(with_examples("body: {name: Interview}", "body: {name: Offer}") ==
               "e.yaml:27:66: body.name is \"Interview\" instead of \"Offer\"\n"
               "p.yaml:20:3: no example shows action \"stage\" being done\n");
    BOOST_TEST(says(with_preset("{name: !jq .argument}", "{name: !jq .argument, more: 1}"),
                    "e.yaml:27:59: body.more is 1, which the example doesn't have"));
    BOOST_TEST(says(with_examples("body: {name: Interview}", "body: {name: Interview, id: 7}"),
                    "e.yaml:27:77: body.id is missing"));
    BOOST_TEST(
        says(with_examples("form: {text: a b}", "form: {text: b a}"), "form field text is \"a b\" instead of \"b a\""));
    BOOST_TEST(says(with_examples(", body: {name: Interview}", ""), "a body is sent, which the example doesn't have"));
    BOOST_TEST(says(with_examples("body: {name: Interview}", "text: Interview"),
                    "e.yaml:27:59: the body is \"{\"name\":\"Interview\"}\""));
}

BOOST_AUTO_TEST_CASE(another_address_header_or_query_is_told)
{
    BOOST_TEST(says(with_examples("PUT, path: /apps/1/stage", "PUT, path: /apps/2/stage"),
                    "e.yaml:27:9: another request is sent: {\"request\":{\"method\":\"PUT\",\"path\":\"/apps/1/stage\","
                    "\"body\":{\"name\":\"Interview\"}}}"));
    BOOST_TEST(says(with_examples("query: {since: 2026-11-24T08:00:00Z}", "query: {since: 2026-11-24T07:00:00Z}"),
                    "e.yaml:7:47: query parameter since is \"2026-11-24T08:00:00Z\" instead of "
                    "\"2026-11-24T07:00:00Z\""));
    BOOST_TEST(says(with_examples("path: \"/apps?page=2\"}", "path: /apps}"),
                    "query parameter page is \"2\", which the example doesn't"));
    BOOST_TEST(says(with_examples("X-Key: k", "X-Key: l"), "header X-Key is \"k\" instead of \"l\""));
    BOOST_TEST(says(with_examples("X-Key: k", "X-Key: k, X-More: l"), "header X-More is not sent"));
}

BOOST_AUTO_TEST_CASE(a_missing_exchange_is_shown_as_it_would_be_written)
{
    const auto told = with_examples(R"(      - request: {path: /me}
        answer: {body: {}}
)",
                                    "");
    BOOST_TEST(says(told, "a request is sent that the example doesn't have: "
                          "{\"request\":{\"method\":\"GET\",\"path\":\"/me\"}}"));
}

BOOST_AUTO_TEST_CASE(an_exchange_that_is_not_used_is_told)
{
    BOOST_TEST(with_examples("        answer: {body: {}}\n",
                             "        answer: {body: {}}\n      - request: {path: /you}\n"
                             "        answer: 200\n") == "e.yaml:43:9: this request is never sent\n");
    BOOST_TEST(says(with_examples("next: \"/v1/apps?page=2\"", "next: null"), "this request is never sent"));
}

BOOST_AUTO_TEST_CASE(other_applications_are_told)
{
    BOOST_TEST(with_examples("status: active, applicant", "status: hired, applicant") ==
               "e.yaml:11:36: applications[0].status is \"active\" instead of \"hired\"\n");
    BOOST_TEST(says(with_examples(", {id: 2, status: hired}]", "]"), "applications has 2 items instead of 1"));
    BOOST_TEST(
        says(with_examples("    applications: [{id: 1", "    broken: [{id: 1"), "say which in \"applications\""));
}

BOOST_AUTO_TEST_CASE(another_outcome_is_told_with_its_reason)
{
    BOOST_TEST(
        says(with_examples("answer: {body: {}}", "answer: {status: 403, body: {message: no}}"),
             "e.yaml:38:5: the outcome is denied (GET https://hr.example.com/v1/me: answered 403: \"no\"; check the "
             "rights of these credentials) instead of done"));
    BOOST_TEST(says(with_examples("answer: {body: {}}", "answer: {status: 403}\n    outcome: denied\n    says: scope"),
                    "not \"scope\""));
}

BOOST_AUTO_TEST_CASE(a_second_effect_after_a_lost_answer_is_told)
{
    // The answer of the question doesn't hold the mark, so the note is written again.
    const auto told = with_examples(R"({body: {notes: [hello td-0123456789ab]}})",
                                    R"({body: {notes: []}}
      - request: {method: POST, path: /apps/1/notes, body: {text: hello td-0123456789ab}}
        answer: 204)");
    BOOST_TEST(says(told, "e.yaml:20:7: the action is carried out twice: POST https://hr.example.com/v1/apps/1/notes"));
}

BOOST_AUTO_TEST_CASE(an_answer_may_say_that_a_change_was_not_carried_out_so_that_it_is_sent_again)
{
    const std::string sent =
        "      - request: {method: POST, path: /apps/1/notes, body: {text: hello td-0123456789ab}}\n";
    const auto busy = [&](const std::string& more) {
        auto examples = whole;
        examples.insert(examples.find(sent), sent + "        answer: {body: {busy: true}}\n" + more);
        return examples;
    };
    const auto rule = preset + "answer: {rules: [{when: !jq .body.busy, then: retry, wait: 5s}]}\n";
    BOOST_TEST(played(rule, busy("        carried_out: false\n")).complaints() == "");
    BOOST_TEST(says(played(rule, busy("")).complaints(), "the action changes the HR system twice"));
    BOOST_TEST(says(played(preset, busy("        carried_out: false\n")).complaints(),
                    "e.yaml:17:9: the action is taken for done after an answer that says it was not carried out"));
}

BOOST_AUTO_TEST_CASE(what_is_said_of_a_repetition_must_be_what_the_engine_does)
{
    BOOST_TEST(
        with_examples("    again: *put", "    again: never") ==
        "e.yaml:29:12: the action is idempotent, so the engine repeats it: write the exchanges of the repetition\n"
        "p.yaml:20:3: no example shows what becomes of action \"stage\" after a lost answer; add \"again\" to one\n");
    BOOST_TEST(says(with_examples("again: never", "again: []"), "the engine never repeats it: again: never"));
    BOOST_TEST(says(with_preset("    idempotent: true\n", ""), "the engine never repeats it"));
    const auto there_already =
        with_examples("    exchanges:\n      - request: {method: POST, path: /apps/1/notes, body: "
                      "{text: hello td-0123456789ab}}\n        answer: 204\n",
                      "    ask_first: true\n    exchanges:\n      - request: {path: "
                      "/apps/1/notes}\n        answer: {body: {notes: [td-0123456789ab]}}\n"
                      "    outcome: already_done\n");
    BOOST_TEST(says(there_already, "no request of this example changes anything, so nothing can be in doubt"));
    // An idempotent action sends the very same request.
    auto other = preset;
    testing::replace_once(other, "    idempotent: true\n",
                          "    idempotent: true\n    lookups: {n: {request: {path: /n}, value: !jq '.pages[0]'}}\n");
    testing::replace_once(other, "body: {name: !jq .argument}", "body: {name: !jq .argument, n: !jq .lookup.n}");
    auto examples = whole;
    testing::replace_once(examples, R"(    exchanges: &put
      - request: {method: PUT, path: /apps/1/stage, body: {name: Interview}}
        answer: 204
    again: *put)",
                          R"(    exchanges:
      - {request: {path: /n}, answer: {body: 1}}
      - {request: {method: PUT, path: /apps/1/stage, body: {name: Interview, n: 1}}, answer: 204}
    again:
      - {request: {path: /n}, answer: {body: 2}}
      - {request: {method: PUT, path: /apps/1/stage, body: {name: Interview, n: 2}}, answer: 204})");
    BOOST_TEST(says(played(other, examples).complaints(), "\"again\" doesn't end with the same request"));
}

BOOST_AUTO_TEST_CASE(every_part_of_a_preset_needs_an_example)
{
    const auto shown = [](const std::string& without) { return with_examples(without, ""); };
    BOOST_TEST(shown(R"(  - name: a mail
    action: mail
    argument: a b
    application: {id: 1}
    exchanges:
      - request: {method: POST, path: /apps/1/mails, form: {text: a b}}
        answer: 201
    again: never
)") == "p.yaml:23:3: no example shows action \"mail\" being done\n");
    BOOST_TEST(shown("    again: never\n") == "p.yaml:23:3: no example shows what becomes of action \"mail\" after a "
                                              "lost answer; add \"again\" to one\n");
    BOOST_TEST(shown(R"(  - name: the check
    check:
    exchanges:
      - request: {path: /me}
        answer: {body: {}}
)") == "p.yaml:13:8: no example shows the check\n");
    BOOST_TEST(shown("every_request: {headers: {X-Key: k}}\n") ==
               "p.yaml:3:7: no example says what signs a request in; add it to \"every_request\"\n");
    BOOST_TEST(with_examples(", applicant: {email: a@b.c}", "") ==
               "p.yaml:12:15: no example of a poll compares \"applicant.email\" of an application\n");
    BOOST_TEST(says(with_preset("records: !jq .body.rows[]", "records: !jq .body.rows[]\n  cursor: !jq .body.next"),
                    "compares the cursor that it leaves"));
}

BOOST_AUTO_TEST_CASE(an_expression_that_no_example_needs_is_told)
{
    const auto told = with_preset("check: {path: /me}\n",
                                  "check: {path: /me}\nstage_names:\n  lookups: {}\n  names: !jq '\"A\", \"B\"'\n");
    BOOST_TEST(told == "p.yaml:16:10: no example needs this expression\n");
}

BOOST_AUTO_TEST_CASE(the_names_that_a_check_looks_for_are_found_or_told)
{
    auto with_stages = preset;
    testing::replace_once(with_stages, "check: {path: /me}\n",
                          "check: {path: /me}\nstage_names:\n  lookups: {}\n  names: !jq '\"Online\", \"Offer\"'\n");
    auto text = whole;
    testing::replace_once(text, "    check:\n", "    check: {stages: [Online, Offfer]}\n");
    BOOST_TEST(says(played(with_stages, text).complaints(), "the check finds: e.yaml:39:13:"));
    text += "    findings: ['no stage \"Offfer\"; did you mean \"Offer\"?']\n";
    BOOST_TEST(played(with_stages, text).complaints() == "");
    testing::replace_once(text, "Online, Offfer", "Online");
    BOOST_TEST(played(with_stages, text).complaints() == "e.yaml:43:15: the check finds only 0 of these\n");
}

BOOST_AUTO_TEST_CASE(a_sign_in_is_compared_whenever_it_happens)
{
    auto signing = preset;
    testing::replace_once(signing, R"(auth: {type: header, name: X-Key, value: "{{ .credentials.key }}"})",
                          R"(auth: {type: oauth2_client_credentials, token_url: "https://id.example.com/t", user: id, )"
                          R"(value: "{{ .credentials.key }}", client: body})");
    const auto with_secret = [](const std::string& secret) {
        auto text = whole;
        testing::replace_once(
            text, "every_request: {headers: {X-Key: k}}\n",
            "every_request: {headers: {Authorization: Bearer t}}\nsign_in:\n  - request: {method: POST, path: "
            "https://id.example.com/t, form: {grant_type: client_credentials, client_id: id, client_secret: " +
                secret + "}}\n    answer: {body: {access_token: t, expires_in: 60}}\n");
        return text;
    };
    BOOST_TEST(played(signing, with_secret("k")).complaints() == "");
    BOOST_TEST(says(played(signing, with_secret("other")).complaints(), "form field client_secret is \"k\" instead of "
                                                                        "\"other\""));
}

BOOST_AUTO_TEST_CASE(a_preset_and_its_examples_stand_side_by_side)
{
    BOOST_TEST(paths_of("a/b.yaml").examples == "a/b.examples.yaml");
    BOOST_TEST(paths_of("a/b.examples.yaml").preset == "a/b.yaml");
    config::problems mistakes;
    BOOST_TEST(!test_preset(paths_of("/nowhere/b.yaml"), mistakes));
    BOOST_TEST(mistakes.text().find("/nowhere/b.yaml:1:1: the file can't be read") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::examples
