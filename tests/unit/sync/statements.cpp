#include "sync/relational/statements.hpp"

#include "sync/sqlite/connection.hpp"
#include "tests/unit/sync/ledger_file.hpp"

#include <limits>
#include <vector>

namespace testdome_sync::sync::sqlite {

using relational::damaged_value;
using relational::statements;

struct open_table : ledger_file {
    open_table()
    {
        sql.open(path);
        statements(sql).run("CREATE TABLE things(name TEXT, size BIGINT)");
    }
    connection sql;
};

BOOST_FIXTURE_TEST_SUITE(sqlite_statements, open_table)

BOOST_AUTO_TEST_CASE(what_was_bound_is_what_is_read)
{
    statements all(sql);
    const std::string with_zero("a\0b", 3);
    const auto* insertion = "INSERT INTO things VALUES(:name, :size)";
    all.run(insertion, with_zero, 1);
    all.run(insertion, std::string_view{}, std::numeric_limits<long long>::min());
    std::vector<std::tuple<std::string, long long>> found;
    const auto rows = all.each<std::tuple<std::string, long long>>("SELECT name, size FROM things ORDER BY rowid",
                                                                   [&](auto& row) { found.push_back(row); });
    BOOST_TEST(rows == 2);
    BOOST_REQUIRE(found.size() == 2U);
    BOOST_TEST((found[0] == std::tuple(with_zero, 1LL)));
    BOOST_TEST((found[1] == std::tuple(std::string{}, std::numeric_limits<long long>::min())));
}

BOOST_AUTO_TEST_CASE(a_column_that_holds_another_kind_is_damage)
{
    statements all(sql);
    all.run("INSERT INTO things VALUES(NULL, 'many')");
    BOOST_CHECK_THROW(all.one<std::string>("SELECT name FROM things"), damaged_value);
    BOOST_CHECK_THROW(all.one<long long>("SELECT size FROM things"), damaged_value);
    BOOST_CHECK_THROW(all.one<long long>("SELECT name FROM things"), damaged_value);
}

BOOST_AUTO_TEST_CASE(a_statement_that_failed_or_was_left_half_way_holds_nothing)
{
    statements all(sql);
    all.run("CREATE UNIQUE INDEX by_name ON things(name)");
    all.run("INSERT INTO things VALUES('one', 1), ('two', 2)");
    const auto* insertion = "INSERT INTO things VALUES(:name, 3)";
    BOOST_CHECK_THROW(all.run(insertion, "one"), sqlite_error);
    all.run(insertion, "three");
    const auto stop = [](std::string&) { throw std::runtime_error("enough"); };
    BOOST_CHECK_THROW(all.each<std::string>("SELECT name FROM things", stop), std::runtime_error);
    connection other;
    other.open(path);
    statements(other).run("DROP TABLE things"); // would wait for whoever reads
}

BOOST_AUTO_TEST_CASE(what_sqlite_says_of_a_mistake_is_told)
{
    try {
        statements(sql).run("SELECT size FROM nowhere");
        BOOST_ERROR("not noticed");
    } catch (const sqlite_error& error) {
        BOOST_TEST(error.code() == 1); // SQLITE_ERROR
        BOOST_TEST(std::string(error.what()) == "no such table: nowhere");
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_opened_is_an_error)
{
    connection other;
    BOOST_CHECK_THROW(other.open((directory / "missing" / "ledger.db").string()), sqlite_error);
}

BOOST_AUTO_TEST_CASE(a_path_may_hold_any_character)
{
    const auto odd = (directory / "a \"quoted\" 'name'.db").string();
    open_sqlite_ledger(odd, ledger_access::write);
    BOOST_TEST(std::filesystem::exists(odd));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync::sqlite
