#include "connectors/csv/columns.hpp"

#include "tests/unit/csv/hr_export.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::csv {
namespace {

std::string named_by(const std::string& expression)
{
    config::node value;
    value.kind = config::node_kind::scalar;
    value.tag = "!jq";
    value.text = expression;
    std::vector<named_column> columns;
    find_columns(value, columns);
    std::string all;
    for (const auto& one : columns)
        all += (all.empty() ? "" : "|") + one.name;
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(columns)

BOOST_AUTO_TEST_CASE(expressions_name_columns_in_all_three_ways_of_jq)
{
    BOOST_TEST(named_by(".Email") == "Email");
    BOOST_TEST(named_by(".[\"First name\"]") == "First name");
    BOOST_TEST(named_by(".\"First name\"") == "First name");
    BOOST_TEST(named_by("(.[\"A\"] // \"\") + \" \" + .B") == "A|B");
    BOOST_TEST(named_by("if .Status == \"is .open | x\" then .A else .B end") == "Status|A|B");
    BOOST_TEST(named_by("{a: .A, b: [.B, .A]}") == "A|B");
}

BOOST_AUTO_TEST_CASE(what_need_not_be_a_column_is_none)
{
    BOOST_TEST(named_by(".Nickname?").empty());
    BOOST_TEST(named_by(".[\"Nickname\"]? // .Name") == "Name");
    BOOST_TEST(named_by(".A.b[\"c\"]") == "A");
    BOOST_TEST(named_by(".A | split(\",\") | .[0].x") == "A");
    BOOST_TEST(named_by(". as $row | $row.A").empty());
    BOOST_TEST(named_by("with_entries(select(.value != \"\"))").empty());
    BOOST_TEST(named_by(".. , .[], .[0], 1.5, \".A\", .[\"x").empty());
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told_with_what_there_is)
{
    const described made("files: x\n" + least);
    const auto& needed = made.what->columns;
    BOOST_TEST(!header_from({"Email ", "ID", ""}).problem_with(needed));
    BOOST_TEST(*header_from({"ID", "E-mail", "Name", ""}).problem_with(needed) ==
               "it has no column \"Email\", which m.yaml:7:22 names; did you mean \"E-mail\"? (it has: \"ID\", "
               "\"E-mail\", \"Name\")");
    BOOST_TEST(*header_from({"ID", "Email", "Email"}).problem_with(needed) ==
               "it has more than one column \"Email\", which m.yaml:7:22 names; give each its own name");
}

BOOST_AUTO_TEST_CASE(a_file_without_a_header_does_not_show_its_first_person)
{
    const described made("files: x\n" + least);
    BOOST_TEST(*header_from({"17", "Ada Byron", "ada@example.com"}).problem_with(made.what->columns) ==
               "its first line is no header with the columns \"ID\", \"Email\" that the mapping names; check "
               "\"separator\" and \"encoding\", and that the export has a header");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::csv
