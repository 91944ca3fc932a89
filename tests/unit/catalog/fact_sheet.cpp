#include "connectors/catalog/explanation.hpp"
#include "connectors/catalog/markdown.hpp"
#include "tests/unit/catalog/sheet.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::catalog {
namespace {

const std::string acme = R"(summary: Acme HR, version 2
documentation: https://acme.example/api
sources: [a forum]
url: https://api.acme.example
auth: {type: header, name: X-Key, value: k}
rate_limit: {requests: 10, per: 10s, concurrent: 2, remaining_header: X-Left}
list: {request: {path: /apps, query: {since: !jq .since}}, records: !jq '.body[]'}
enrich: {person: {}}
application: {id: !jq .id, stage: {name: !jq .stage}}
actions:
  note: {description: a note, already: {when: !jq .there}, request: {path: /notes}}
  field: {idempotent: true, request: {path: /fields}}
  mail: {request: {path: /mails}}
lacks: {reject: there is no API for it}
unverified: [{fact: stages have names, key: application.stage}]
)";

bool says(const std::string& text, const std::string& part)
{
    if (text.find(part) == std::string::npos)
        BOOST_TEST_MESSAGE("it says: " + text);
    return text.find(part) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(fact_sheets)

BOOST_AUTO_TEST_CASE(a_preset_is_told_in_words)
{
    const sheet read(acme);
    BOOST_TEST(read.found.text() == "");
    BOOST_TEST(read.facts.sign_in == "key in header X-Key");
    BOOST_TEST(read.facts.reading == "what is new or changed since a time; asked for besides: person");
    BOOST_TEST(read.facts.limits == "10 in 10s, 2 at once, fewer when X-Left says so");
    BOOST_TEST(read.facts.has_stages);
    BOOST_TEST(!read.facts.lists_stages);
}

BOOST_AUTO_TEST_CASE(what_becomes_of_an_action_after_a_lost_answer_is_told)
{
    const auto facts = sheet(acme).facts;
    BOOST_TEST((facts.find_action("note")->repetition == after_a_doubt::looks_up));
    BOOST_TEST((facts.find_action("field")->repetition == after_a_doubt::repeats));
    BOOST_TEST((facts.find_action("mail")->repetition == after_a_doubt::asks));
    const auto text = explanation(facts);
    BOOST_TEST(says(text, "  mail\n         after a lost answer it is not repeated: a person decides"));
}

BOOST_AUTO_TEST_CASE(usual_actions_that_are_not_there_are_told_with_the_reason)
{
    const auto text = explanation(sheet(acme).facts);
    BOOST_TEST(says(text, "not here:\n  tag\n  move_stage\n  reject      there is no API for it\n"));
}

BOOST_AUTO_TEST_CASE(how_a_list_is_read_depends_on_its_request)
{
    const auto reading = [](const std::string& list) { return sheet("list: " + list).facts.reading; };
    BOOST_TEST(reading("{request: {path: /a}}") == "the whole list");
    BOOST_TEST(reading("{request: {path: /a}, older: !jq .at}") == "newest first, until what is known");
    BOOST_TEST(reading("{request: {path: /a, body: {token: !jq .cursor}}}") ==
               "what changed since the last poll's mark");
    BOOST_TEST(reading("{request: {path: /a}, for_each: {request: {path: /jobs}}}") ==
               "the whole list, one request for each item of another list");
    BOOST_TEST(reading("[{request: {path: /a}}, {request: {path: /b}}]") == "the whole list");
}

BOOST_AUTO_TEST_CASE(mistakes_in_what_is_for_people_are_told)
{
    const auto complaint = [](const std::string& more) {
        const auto text = sheet(acme.substr(0, acme.find("lacks")) + more).found.text();
        return text.substr(0, text.find('\n'));
    };
    BOOST_TEST(
        complaint("unverified: [{fact: a}]") ==
        "acme.yaml:14:14: something unverified needs \"fact\" and \"key\": what to write otherwise if it is wrong");
    BOOST_TEST(complaint("unverified: [{fact: a, key: application.stages}]") ==
               "acme.yaml:14:29: the preset has no \"application.stages\" that could be written otherwise");
    BOOST_TEST(complaint("lacks: {note: no}") == "acme.yaml:14:9: the preset has this action");
    BOOST_TEST(complaint("lacks: {notes: no}") ==
               "acme.yaml:14:9: \"lacks\" says why there is no note, field, tag, move_stage or reject");
}

BOOST_AUTO_TEST_CASE(the_table_has_a_row_for_each_preset)
{
    auto facts = sheet(acme).facts;
    facts.summary = "Acme | HR, version 2";
    const auto text = markdown({facts}, {});
    BOOST_TEST(says(text, "| `acme` | Acme \\| HR | looked up | repeated | – | – | – |\n<!-- end of systems -->"));
    BOOST_TEST(says(text,
                    "| `acme` | key in header X-Key | what is new or changed since a time; asked for besides: person "
                    "| yes | note | 10 in 10s, 2 at once, fewer when X-Left says so | "
                    "[documentation](https://acme.example/api) | [1](#acme) |"));
    BOOST_TEST(says(text, "- stages have names (otherwise: `application.stage`)"));
    BOOST_TEST(says(text, "- no `reject`: there is no API for it"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::catalog
