// What rows become.
#include "tests/unit/csv/hr_export.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::csv {
namespace {

const std::string rich = R"(select: !jq .Country != "XX"
application:
  id: !jq .["Application ID"]
  applied_at: !jq .Applied
  status: !jq if .Status == "Rejected" then "rejected" else "active" end
  applicant: {first_name: !jq .First, email: !jq .Email}
  job: {name: "{{ .Job }}"}
)";
const std::string rich_header = "Application ID;Country;Applied;Status;First;Email;Job\r\n";

std::string reasons(const sync::poll_answer& of)
{
    std::string all;
    for (const auto& one : of.broken)
        all += one.id + " " + one.reason + '\n';
    return all;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(reading_csv, hr_export)

BOOST_AUTO_TEST_CASE(a_row_becomes_an_application_as_the_mapping_says)
{
    start({}, rich);
    write("a.csv", rich_header + "A-1;HR;2026-11-24;Rejected;Ana;ana@x.y;\"C++; Engineer\"\r\n"
                                 "A-2;XX;2026-11-24;;Bo;bo@x.y;Cook\r\n;;;;;;\r\n");
    const auto answer = poll();
    BOOST_REQUIRE(answer.applications.size() == 1U);
    const auto& one = answer.applications.front();
    BOOST_TEST(one.id == "A-1");
    BOOST_TEST(sync::to_text(*one.applied_at) == "2026-11-24T00:00:00Z");
    BOOST_TEST(one.status == "rejected");
    BOOST_TEST(one.applicant.first_name == "Ana");
    BOOST_TEST(one.job.name == "C++; Engineer");
    BOOST_TEST(one.raw.at("Country") == "HR");
    BOOST_TEST(answer.broken.empty());
}

BOOST_AUTO_TEST_CASE(encodings_are_told_by_the_mark_or_the_mapping)
{
    start("encoding: windows-1252\n");
    write("a.csv", "ID\tEmail\n\xC4-1\ta@x.y\n");
    std::string wide = "\xFF\xFE"; // each of these characters is its own byte and a zero
    for (const char c : std::string("ID,Email\n\xC4-2,x\n"))
        wide += {c, '\0'};
    write("b.csv", wide, 1);
    write("c.csv", "\xEF\xBB\xBFID;Email\nÄ-3;c@x.y\n", 2);
    BOOST_TEST(ids(poll()) == "Ä-1 Ä-2 Ä-3");
}

BOOST_AUTO_TEST_CASE(a_broken_row_is_held_back_alone_and_told_with_its_line_but_not_with_what_it_holds)
{
    write("a.csv", "ID,Email\n1,a@x.y\n2,b@x.y,Bob\n3\n4,d" + std::string(1, '\0') +
                       "@x.y\n5,e\xFF@x.y\n6,\"f\"@x.y\n,g@x.y\n8,h@x.y\n");
    const auto answer = poll();
    BOOST_TEST(ids(answer) == "1 8");
    const auto place = path("a.csv");
    BOOST_TEST(reasons(answer) ==
               "a.csv:3 " + place +
                   ":3: the row has 3 fields, and the header 2; a field that holds the separator needs "
                   "quotes\n" +
                   "a.csv:4 " + place +
                   ":4: the row has 1 fields, and the header 2; a field that holds the separator needs "
                   "quotes\n" +
                   "a.csv:5 " + place + ":5: the row holds bytes that are no UTF-8 text\n" + "a.csv:6 " + place +
                   ":6: the row holds bytes that are no UTF-8 text\n" + "a.csv:7 " + place +
                   ":7: a quote stands within a field; CSV doubles it and puts quotes around\n" + "a.csv:8 " + place +
                   ":8: the row has no id\n");
}

BOOST_AUTO_TEST_CASE(a_time_that_is_not_understood_or_tells_no_zone_is_not_guessed)
{
    start({}, rich);
    write("a.csv", rich_header + "A-1;HR;24.11.2026 10:00;;Ana;a@x.y;Cook\r\nA-2;HR;;;Bo;b@x.y;Cook\r\n"
                                 "A-3;HR;2026-11-24 10:00:00;;Cy;c@x.y;Cook\r\n");
    const auto answer = poll();
    BOOST_TEST(ids(answer) == "A-2");
    BOOST_TEST(reasons(answer) == "a.csv:2 " + path("a.csv") +
                                      ":2: applied_at is no time that is understood; write it as "
                                      "2026-11-24T08:00:00Z, 2026-11-24 09:00:00 or 2026-11-24 (jq's strptime "
                                      "reads other forms)\na.csv:4 " +
                                      path("a.csv") +
                                      ":4: applied_at tells no time zone; say which it is: time_zone: Europe/Zagreb\n");
}

BOOST_AUTO_TEST_CASE(times_without_a_zone_are_in_the_configured_one)
{
    start("time_zone: Europe/Zagreb\n", rich);
    write("a.csv", rich_header + "A-1;HR;2026-11-24 10:00:00;;Ana;a@x.y;Cook\r\n"
                                 "A-2;HR;2026-11-24T10:00:00Z;;Bo;b@x.y;Cook\r\n");
    const auto answer = poll();
    BOOST_REQUIRE(answer.applications.size() == 2U);
    BOOST_TEST(sync::to_text(*answer.applications[0].applied_at) == "2026-11-24T09:00:00Z");
    BOOST_TEST(sync::to_text(*answer.applications[1].applied_at) == "2026-11-24T10:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_missing_column_is_told_before_anybody_is_affected)
{
    write("a.csv", "ID,E-mail,Name\n1,a@x.y,Ada\n");
    const auto answer = try_poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail == path("a.csv") + ":1: it has no column \"Email\", which m.yaml:7:22 names; did "
                                                        "you mean \"E-mail\"? (it has: \"ID\", \"E-mail\", \"Name\")");
}

BOOST_AUTO_TEST_CASE(a_header_in_another_encoding_asks_for_it)
{
    write("a.csv", "ID,Email,Gr\xF6\xDF"
                   "e\n1,a@x.y,3\n");
    const auto answer = try_poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail ==
               path("a.csv") + ":1: the header is no UTF-8 text; say in which \"encoding\" the export is");
}

BOOST_AUTO_TEST_CASE(an_expression_that_fails_costs_its_row_only)
{
    start({}, "application: {id: !jq .ID, applied_at: !jq '.At | tonumber', applicant: {email: !jq .Email}}\n");
    write("a.csv", "ID,Email,At\n1,a@x.y,1700000000\n2,b@x.y,soon\n");
    const auto answer = poll();
    BOOST_TEST(ids(answer) == "1");
    BOOST_REQUIRE(answer.broken.size() == 1U);
    BOOST_TEST(answer.broken.front().id == "a.csv:3");
    BOOST_TEST(answer.broken.front().reason ==
               path("a.csv") + ":3: Invalid numeric literal at EOF at line 1, column 4");
}

BOOST_AUTO_TEST_CASE(a_flood_of_broken_rows_is_counted_and_not_told_one_by_one)
{
    std::string text = "ID,Email\n";
    for (int i = 0; i < 1000; ++i)
        text += "x\n";
    write("a.csv", text + "1,a@x.y\n");
    const auto answer = poll();
    BOOST_TEST(ids(answer) == "1");
    BOOST_TEST(answer.broken.size() == 101U);
    BOOST_TEST(answer.broken.back().reason == path("a.csv") + ": 900 more rows can't be understood");
}

BOOST_AUTO_TEST_CASE(ten_thousand_rows_are_read_in_parts)
{
    std::string text = "ID,Email\n";
    for (int i = 0; i < 10'000; ++i)
        text += std::to_string(i) + ",p" + std::to_string(i) + "@x.y\n";
    write("a.csv", text);
    BOOST_TEST(poll().applications.size() == 10'000U);
    start();
    BOOST_TEST(poll().unchanged == 10'000);
}

BOOST_AUTO_TEST_CASE(check_tells_what_would_stand_in_the_way)
{
    start("outcomes: missing/outcomes.csv\n");
    const auto findings = [&] { return *testing::run(around.clock(), connector->check()); };
    const std::vector<std::string> nothing_there{folder + ": there is no file like \"*.csv\" yet",
                                                 path("missing") + ": No such file or directory"};
    BOOST_TEST(findings() == nothing_there, boost::test_tools::per_element());
    write("a.csv", "ID,Name\n");
    std::filesystem::create_directory(path("missing"));
    BOOST_REQUIRE(findings().size() == 1U);
    BOOST_TEST(findings().front().find("it has no column \"Email\"") != std::string::npos);
    write("a.csv", "ID,Email\n");
    BOOST_TEST(findings().empty());
    write("missing/outcomes.csv", "a,b\r\n");
    BOOST_REQUIRE(findings().size() == 1U);
    BOOST_TEST(findings().front() == path("missing/outcomes.csv") +
                                         ": its header has no column \"application_id\" (or two); move the file away, "
                                         "and a new one is begun with the columns of the mapping as it is now");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
