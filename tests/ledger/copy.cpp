#include "sync/relational/copy.hpp"

#include "sync/postgresql/session.hpp"
#include "sync/relational/statements.hpp"
#include "sync/sqlite/session.hpp"
#include "tests/ledger/ledger_place.hpp"

#include <algorithm>
#include <set>

namespace testdome_sync::sync {
namespace {

/// "assessments: id, mapping …" of each table, as the database itself knows them.
std::set<std::string> columns_known_to(relational::database& sql, const std::string& query)
{
    std::set<std::string> found;
    relational::statements(sql).each<std::tuple<std::string, std::string>>(
        query, [&](const auto& row) { found.insert(std::get<0>(row) + '.' + std::get<1>(row)); });
    return found;
}

std::set<std::string> columns_copied()
{
    std::set<std::string> found;
    for (const auto& one : relational::tables()) {
        std::string columns(one.columns);
        std::erase(columns, '#');
        for (std::size_t begin = 0; begin < columns.size();) {
            const auto end = std::min(columns.find(' ', begin), columns.size());
            found.insert(std::string(one.name) + '.' + columns.substr(begin, end - begin));
            begin = end + 1;
        }
    }
    return found;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(copies, testing::ledger_place)

BOOST_AUTO_TEST_CASE(every_column_of_every_table_is_copied)
{
    open();
    std::set<std::string> known;
    if (is_shared()) {
        const auto sql = postgresql::connect(settings, ledger_access::read);
        known =
            columns_known_to(*sql, "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM "
                                   "information_schema.columns WHERE table_schema = "
                                   "current_schema() AND table_name NOT IN ('leases', 'requests', 'schema_version')");
    } else {
        sqlite::connection sql;
        sql.open(settings.path);
        known = columns_known_to(sql, "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE "
                                      "m.type = 'table' AND m.name NOT LIKE 'sqlite_%'");
    }
    BOOST_TEST(known == columns_copied(), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
