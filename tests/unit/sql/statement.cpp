#include "connectors/sql/statement.hpp"
#include "tests/unit/sql/described.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::sql {
namespace {

struct reading {
    std::optional<statement> what;
    std::string problem;
};

reading read(const std::string& text, statement_kind kind = statement_kind::query,
             database_type type = database_type::sqlite)
{
    config::node value;
    value.kind = config::node_kind::scalar;
    value.text = text;
    config::problems found;
    auto made = read_statement(value, kind, type, found);
    return {std::move(made), found.empty() ? "" : found.list().front().message};
}

std::string problem_of(const std::string& text, statement_kind kind = statement_kind::query,
                       database_type type = database_type::sqlite)
{
    return read(text, kind, type).problem;
}

} // namespace

BOOST_AUTO_TEST_SUITE(statements)

BOOST_AUTO_TEST_CASE(parameters_are_the_names_after_colons_outside_of_quotes_and_comments)
{
    const auto made = read("SELECT a, ':no' AS x -- :neither\nFROM t /* :nor this */ WHERE b >= :since AND (c = :id OR "
                           "d = :since); ")
                          .what;
    BOOST_REQUIRE(made);
    BOOST_TEST(made->parameters == (std::vector<std::string>{"since", "id"}), boost::test_tools::per_element());
    BOOST_TEST(made->text == "SELECT a, ':no' AS x  \nFROM t   WHERE b >= :since AND (c = :id OR d = :since)");
    BOOST_TEST(made->with_question_marks == "SELECT a, ':no' AS x  \nFROM t   WHERE b >= ? AND (c = ? OR d = ?)");
}

BOOST_AUTO_TEST_CASE(values_are_never_put_into_the_text)
{
    BOOST_TEST(problem_of("SELECT * FROM a WHERE id = {{ .id }}").starts_with("values are never put into"));
}

BOOST_AUTO_TEST_CASE(casts_and_assignments_are_no_parameters)
{
    const auto cast = read("SELECT :id::text, a::int FROM t", statement_kind::query, database_type::postgresql).what;
    BOOST_REQUIRE(cast);
    BOOST_TEST(cast->parameters == (std::vector<std::string>{"id"}), boost::test_tools::per_element());
    BOOST_TEST(read("SELECT @a := 1", statement_kind::query, database_type::mariadb).problem == "");
}

BOOST_AUTO_TEST_CASE(one_statement_is_written_and_not_several)
{
    const std::string several = "one statement is written here, not several: there is something after the semicolon";
    BOOST_TEST(problem_of("SELECT 1; DROP TABLE candidate") == several);
    BOOST_TEST(problem_of("INSERT INTO a VALUES (1);;  -- the end", statement_kind::change) == "");
    BOOST_TEST(problem_of("SELECT ';' AS semicolon;") == "");
}

BOOST_AUTO_TEST_CASE(a_query_only_reads)
{
    const std::string only_reads = "a query only reads: it begins with SELECT or WITH, and changes nothing";
    for (const std::string text : {"DELETE FROM t", "UPDATE t SET a = 1", "PRAGMA journal_mode", "BEGIN",
                                   "WITH gone AS (DELETE FROM t RETURNING *) SELECT * FROM gone",
                                   "WITH u AS (UPDATE t SET a = 1 RETURNING *) SELECT * FROM u"})
        BOOST_TEST(problem_of(text) == only_reads, text);
    BOOST_TEST(problem_of("WITH a AS (SELECT 1 AS x) SELECT x FROM a FOR UPDATE") == "");
    BOOST_TEST(problem_of("") == "an SQL statement is missing here");
    BOOST_TEST(problem_of("-- nothing") == "an SQL statement is missing here");
}

BOOST_AUTO_TEST_CASE(an_action_neither_defines_tables_nor_ends_its_transaction)
{
    for (const std::string text : {"COMMIT", "ROLLBACK", "DROP TABLE t", "ALTER TABLE t ADD a INT", "TRUNCATE t",
                                   "SET autocommit = 1", "LOCK TABLES t WRITE", "PRAGMA foreign_keys = OFF"})
        BOOST_TEST(problem_of(text, statement_kind::change).find("can't be part of an action") != std::string::npos,
                   text);
}

BOOST_AUTO_TEST_CASE(what_soci_and_the_database_would_read_in_different_ways_is_a_problem)
{
    const auto maria = database_type::mariadb;
    const auto postgres = database_type::postgresql;
    BOOST_TEST(problem_of("SELECT \"a:b\"", statement_kind::query, maria).starts_with("a colon or an apostrophe"));
    BOOST_TEST(problem_of("SELECT `a'b`", statement_kind::query, maria).starts_with("a colon or an apostrophe"));
    BOOST_TEST(
        problem_of("SELECT 1 /*! , 2 */", statement_kind::query, maria).starts_with("a comment that is carried"));
    BOOST_TEST(problem_of("SELECT $$:x$$", statement_kind::query, postgres).starts_with("$ can't be understood"));
    BOOST_TEST(problem_of("SELECT E'\\':x'", statement_kind::query, postgres).starts_with("E'…' can't be"));
    BOOST_TEST(problem_of("SELECT a[1:2]", statement_kind::query, postgres).starts_with("a colon outside"));
    BOOST_TEST(problem_of("SELECT ?1").starts_with("? can't be understood"));
    BOOST_TEST(problem_of("SELECT @a").starts_with("@ can't be understood"));
    BOOST_TEST(problem_of("SELECT 'open").starts_with("a quote is not closed"));
    BOOST_TEST(problem_of("SELECT 1 /* open").starts_with("a comment is not closed"));
    BOOST_TEST(problem_of("SELECT 'it''s \\' AS a", statement_kind::query, postgres) == "");
    BOOST_TEST(problem_of("SELECT 'it\\'s :x' AS a", statement_kind::query, maria) == "");
    BOOST_TEST(read("SELECT 1 # :x", statement_kind::query, maria).what->parameters.empty());
    BOOST_TEST(read("SELECT 3--:x", statement_kind::query, maria).what->parameters.size() == 1U);
    BOOST_TEST(read("SELECT 1 /* a /* b */ :x */", statement_kind::query, postgres).what->parameters.empty());
}

BOOST_AUTO_TEST_CASE(the_changed_table_is_known_where_it_is_one)
{
    const auto table = [](const std::string& text) {
        return read(text, statement_kind::change, database_type::mariadb).what.value().changed_table;
    };
    BOOST_TEST(table("INSERT INTO activity (a) VALUES (1)") == "activity");
    BOOST_TEST(table("insert ignore into `cats`.`activity` set a = 1") == "cats.activity");
    BOOST_TEST(table("REPLACE candidate_tag VALUES (1)") == "candidate_tag");
    BOOST_TEST(table("UPDATE LOW_PRIORITY candidate SET a = 1, b = 2") == "candidate");
    BOOST_TEST(table("DELETE FROM extra_field WHERE a = 1") == "extra_field");
    BOOST_TEST(table("UPDATE a, b SET a.x = 1") == "");
    BOOST_TEST(table("UPDATE a JOIN b ON a.i = b.i SET a.x = 1") == "");
    BOOST_TEST(table("CALL move_stage(1)") == "");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(a_column_becomes_the_json_that_loses_nothing)
{
    const auto number = [](std::string_view text) { return value_from(text, column_kind::number); };
    BOOST_TEST((number("42") == 42));
    BOOST_TEST((number("-7") == -7));
    BOOST_TEST((number("9007199254740992") == 9007199254740992));
    BOOST_TEST((number("9007199254740993") == "9007199254740993"));
    BOOST_TEST((number("18446744073709551615") == "18446744073709551615"));
    BOOST_TEST((number("12.50") == 12.5));
    BOOST_TEST((number("1e3") == 1000.0));
    BOOST_TEST((number("NaN") == "NaN"));
    BOOST_TEST((number("Infinity") == "Infinity"));
    BOOST_TEST((number("t") == true));
    BOOST_TEST((number("f") == false));
    BOOST_TEST((number("twelve") == "twelve"));
    BOOST_TEST((value_from("42", column_kind::text) == "42"));
}

BOOST_AUTO_TEST_CASE(what_is_not_utf_8_is_replaced_and_what_is_stays)
{
    const auto text = [](std::string_view bytes) { return value_from(bytes, column_kind::text); };
    BOOST_TEST((text("Dž 漢 😀") == "Dž 漢 😀"));
    BOOST_TEST((text("caf\xE9") == "caf\xEF\xBF\xBD"));
    BOOST_TEST((text("\xC0\xAF\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
    BOOST_TEST((text("\xF4\x90\x80\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
    BOOST_TEST((text("cut \xE6\xBC") == "cut \xEF\xBF\xBD\xEF\xBF\xBD"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sql
