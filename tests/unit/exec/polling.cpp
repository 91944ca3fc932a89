#include "tests/unit/exec/described.hpp"
#include "tests/unit/exec/spoken.hpp"

#include "sync/documents.hpp"

#include <boost/test/unit_test.hpp>

#include <initializer_list>

namespace testdome_sync::exec {
namespace {

std::string answer(std::initializer_list<std::string> lines, const std::string& cursor = "null")
{
    std::string all;
    for (const auto& one : lines)
        all += one + '\n';
    return all + R"({"type":"done","id":1,"cursor":)" + cursor + "}\n";
}

std::string application(const std::string& document)
{
    return R"({"type":"application","id":1,"document":)" + document + '}';
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(polling_a_program, spoken)

BOOST_AUTO_TEST_CASE(an_application_is_given_in_the_shape_that_rules_see)
{
    program_answers(
        {answer({application(R"({"application":{"id":7,"url":"https://hr/7","applied_at":"2026-11-24T07:00:00Z",)"
                             R"("updated_at":"2026-11-24T08:00:00+01:00"},"applicant":{"id":"p1","name":"Ada Byron",)"
                             R"("email":"ada@example.com","new":true},"job":{"id":3,"name":"C++ Engineer"},)"
                             R"("stage":{"name":"Online Test"},"status":"active","raw":{"any":["thing"]},"new":1})")},
                R"({"page":2})")});
    const auto polled = poll();
    BOOST_REQUIRE_MESSAGE(polled.has_value(), polled.error().detail);
    BOOST_REQUIRE(polled->applications.size() == 1U);
    const auto& one = polled->applications[0];
    BOOST_TEST(one.id == "7");
    BOOST_TEST(one.url == "https://hr/7");
    BOOST_TEST((one.applied_at == one.updated_at));
    BOOST_TEST(one.applicant.first_name == "Ada");
    BOOST_TEST(one.applicant.last_name == "Byron");
    BOOST_TEST(one.applicant.email == "ada@example.com");
    BOOST_TEST(one.job.id == "3");
    BOOST_TEST(one.stage.name == "Online Test");
    BOOST_TEST(one.status == "active");
    BOOST_TEST(one.raw.at("any").at(0) == "thing");
    BOOST_TEST((polled->newest_change == one.updated_at));
    BOOST_TEST(polled->cursor.at("page") == 2);
}

BOOST_AUTO_TEST_CASE(the_cursor_and_the_window_are_handed_to_the_program)
{
    program_answers({answer({})});
    BOOST_TEST(poll().has_value());
    BOOST_TEST(programs.heard.at(1) == R"({"type":"poll","id":1,"since":"2026-11-24T07:00:00Z","cursor":null})");
    sync::poll_request again;
    again.since = *sync::time_from("2026-11-24T08:00:00.5Z");
    again.cursor = {{"page", 2}};
    testing::run(clock, connector().poll(std::move(again))).has_value();
    BOOST_TEST(programs.heard.at(2) == R"({"type":"poll","id":2,"since":"2026-11-24T08:00:00Z","cursor":{"page":2}})");
}

BOOST_AUTO_TEST_CASE(what_is_no_application_is_held_back_alone)
{
    program_answers({answer({
        application(R"({"application":{"id":"1"},"applicant":{"email":"a@example.com"}})"),
        application(R"({"application":{"id":""}})"),
        application(R"({"application":{"id":"2","applied_at":"yesterday"}})"),
        application(R"({"application":{"id":"3"},"applicant":"Ada"})"),
        application(R"({"application":{"id":"4"},"job":{"name":["C++"]}})"),
        R"({"type":"broken","id":1,"record_id":"5","reason":"no job for ada@example.com"})",
        R"({"type":"broken","id":1})",
    })});
    const auto polled = poll();
    BOOST_REQUIRE_MESSAGE(polled.has_value(), polled.error().detail);
    BOOST_TEST(polled->applications.size() == 1U);
    std::vector<std::string> told;
    for (const auto& one : polled->broken)
        told.push_back(one.id + ": " + one.reason);
    BOOST_REQUIRE(told.size() == 6U);
    BOOST_TEST(told[0] == ": it has no id");
    BOOST_TEST(told[1] == "2: \"application.applied_at\" is no time such as 2026-11-24T07:00:00Z");
    BOOST_TEST(told[2] == "3: \"applicant\" is no object");
    BOOST_TEST(told[3] == "4: \"job.name\" is no text");
    BOOST_TEST(told[4] == "5: no job for a…@example.com");
    BOOST_TEST(told[5] == ": the program gives no reason");
}

BOOST_AUTO_TEST_CASE(an_application_that_comes_twice_counts_once_with_its_newest_reading)
{
    const auto with = [](const std::string& stage, const std::string& updated) {
        return application(R"({"application":{"id":"1","updated_at":")" + updated + R"("},"stage":{"name":")" + stage +
                           "\"}}");
    };
    program_answers({answer({with("new", "2026-11-24T08:00:00Z"), with("newest", "2026-11-24T09:00:00Z"),
                             with("old", "2026-11-24T07:00:00Z")})});
    const auto polled = poll();
    BOOST_REQUIRE(polled->applications.size() == 1U);
    BOOST_TEST(polled->applications[0].stage.name == "newest");
    BOOST_TEST(sync::to_text(*polled->newest_change) == "2026-11-24T09:00:00Z");
}

BOOST_AUTO_TEST_CASE(what_is_known_as_it_is_is_counted_and_not_given)
{
    program_answers({answer({application(R"({"application":{"id":"1","updated_at":"2026-11-24T08:00:00Z"}})"),
                             application(R"({"application":{"id":"2"}})")})});
    sync::poll_request request;
    std::string fingerprint;
    request.is_known = [&](const std::string& id, const std::string& of) {
        fingerprint = of;
        return id == "1";
    };
    const auto polled = testing::run(clock, connector().poll(std::move(request)));
    BOOST_REQUIRE_MESSAGE(polled.has_value(), polled.error().detail);
    BOOST_TEST(polled->unchanged == 1);
    BOOST_REQUIRE(polled->applications.size() == 1U);
    BOOST_TEST(polled->applications[0].id == "2");
    BOOST_TEST(fingerprint == sync::fingerprint_of(sync::to_document(polled->applications[0])));
    BOOST_TEST(polled->newest_change.has_value());
}

BOOST_AUTO_TEST_CASE(a_poll_that_breaks_off_gives_nothing)
{
    for (const auto& end : {"", "{\"type\":\"done\"", "{\"type\":\"done\",\"id\":2}\n", "{}\n"}) {
        spoken fresh;
        fresh.program_answers({application(R"({"application":{"id":"1"}})") + '\n' + end, "", true});
        BOOST_TEST(!fresh.poll().has_value(), end);
        BOOST_TEST(fresh.programs.running == 0);
    }
}

BOOST_AUTO_TEST_CASE(records_need_an_application_in_the_mapping)
{
    program_answers({answer({R"({"type":"record","id":1,"record":{"key":7}})"})});
    BOOST_TEST(poll().error().detail ==
               "poll by /opt/bridge: a record, and the mapping has no \"application\" that says what it means");
}

BOOST_AUTO_TEST_CASE(records_are_mapped_as_the_mapping_says)
{
    const exec::described read(R"(command: /bin/sh
application:
  id: !jq .key
  updated_at: !jq .changed
  status: !jq 'if .out then "rejected" else "active" end'
  applicant: {email: !jq .who.mail, name: !jq .who.name}
  job: {name: "{{ .position }}"}
)");
    BOOST_REQUIRE_MESSAGE(read.found.empty(), read.found.text());
    described.application = read.what->application;
    program_answers({answer({
        R"({"type":"record","id":1,"record":{"key":7,"changed":"2026-11-24","who":{"mail":"ada@example.com","name":"Ada Byron"},"position":"C++"}})",
        R"({"type":"record","id":1,"record":{"id":8,"key":8,"who":{}}})",
        R"({"type":"record","id":1,"record":{"position":"C"}})",
        R"({"type":"record","id":1,"record":"x"})",
        application(R"({"application":{"id":"9"}})"),
    })});
    const auto polled = poll();
    BOOST_REQUIRE_MESSAGE(polled.has_value(), polled.error().detail);
    BOOST_REQUIRE(polled->applications.size() == 2U);
    BOOST_TEST(polled->applications[0].id == "7");
    BOOST_TEST(polled->applications[0].applicant.last_name == "Byron");
    BOOST_TEST(polled->applications[0].job.name == "C++");
    BOOST_TEST(polled->applications[0].status == "active");
    BOOST_TEST(polled->applications[0].raw.at("key") == 7);
    BOOST_TEST(polled->applications[1].id == "9");
    BOOST_REQUIRE(polled->broken.size() == 3U);
    BOOST_TEST(polled->broken[0].id == "8"); // its job would be the word "null"
    BOOST_TEST(polled->broken[1].reason == "it has no id");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
