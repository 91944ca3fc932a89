#include "connectors/csv/description.hpp"

#include "config/load.hpp"
#include "connectors/registry.hpp"
#include "tests/unit/csv/hr_export.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::csv {
namespace {

std::vector<std::string> messages(const described& of)
{
    std::vector<std::string> all;
    for (const auto& one : of.found.list())
        all.push_back(one.where.text() + ": " + one.message);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv_description)

BOOST_AUTO_TEST_CASE(the_least_that_is_needed_has_sensible_defaults)
{
    const described made("files: exports\n" + least);
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->files == "/hr/exports");
    BOOST_TEST(made.what->pattern == "*.csv");
    BOOST_TEST(!made.what->separator);
    BOOST_TEST(made.what->encoding.empty());
    BOOST_TEST((made.what->quiet == std::chrono::seconds{10}));
    BOOST_TEST(!made.what->outcomes);
}

BOOST_AUTO_TEST_CASE(outcomes_have_the_columns_of_all_rows_in_the_order_of_the_file)
{
    const described made("files: /x\noutcomes: out.csv\nwrite_back:\n  did_not_take:\n    - row: {passed: false}\n"
                         "  completed:\n    - row: {score: 1, passed: true}\n    - note: done\n" +
                         least);
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    const std::vector<std::string> expected{"application_id", "event", "time", "passed", "score", "note", "marker"};
    BOOST_TEST(made.what->outcomes->columns == expected, boost::test_tools::per_element());
    BOOST_TEST(made.what->outcomes->path == "/hr/out.csv");
    BOOST_TEST(made.what->outcomes->neutralise_formulas);
}

BOOST_AUTO_TEST_CASE(every_mistake_is_told_with_its_place)
{
    const described made(R"(files: /x
separator: "|"
encoding: utf-9
time_zone: Zagreb
credentials: {password: !env HOME}
outcomes: {file: /o.csv, formulas: true}
application: {applicant: {email: !jq .Email}}
write_back:
  completed:
    - rows: {score: 1}
    - row: text
    - row: {marker: x}
)");
    const std::vector<std::string> expected{
        "m.yaml:5:12: \"separator\" must be \",\", \";\" or tab, not \"|\"",
        "m.yaml:6:11: there is no encoding \"utf-9\"; usual ones are utf-8, utf-16le, utf-16be, windows-1252 and "
        "windows-1250",
        "m.yaml:7:12: there is no time zone \"Zagreb\" (names are those of the IANA database, such as Europe/Zagreb; "
        "or write an offset, +01:00)",
        "m.yaml:10:14: \"application\" needs \"id\"",
        "m.yaml:9:26: unknown key \"formulas\" in \"outcomes\"",
        "m.yaml:14:7: \"row\" needs columns and their values: row: {score: !jq .result.score}",
        "m.yaml:15:13: the column \"marker\" is in every row by itself; name yours otherwise",
        "m.yaml:8:15: \"csv\" needs no credentials; remove \"password\"",
        "m.yaml:13:7: \"csv\" has no action \"rows\"; did you mean \"row\"? (it has: note, row)"};
    auto all = messages(made);
    BOOST_TEST(all == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_action_without_a_file_to_write_to_is_a_mistake)
{
    const described made("files: /x\nwrite_back: {completed: [{note: done}]}\n" + least);
    BOOST_REQUIRE(made.found.list().size() == 1U);
    BOOST_TEST(made.found.list().front().message ==
               "\"note\" needs a file to write to: outcomes: /var/lib/hr-export/outcomes.csv");
}

BOOST_AUTO_TEST_CASE(the_example_that_is_installed_is_well)
{
    config::problems found;
    const auto tree = config::read_yaml(TESTDOME_SYNC_SOURCE_DIR "/connectors/csv/example.yaml", found);
    BOOST_REQUIRE_MESSAGE(tree, found.text());
    const auto mapping = config::read_mapping(*tree, "csv.yaml", {}, found);
    const auto factory = connectors::read_connector(mapping, found);
    mapping.library->compile(found);
    BOOST_TEST(found.empty(), found.text());
    BOOST_TEST(factory.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
