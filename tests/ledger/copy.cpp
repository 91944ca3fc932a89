#include "sync/relational/copy.hpp"

#include "sync/migrate_ledger.hpp"
#include "sync/postgresql/session.hpp"
#include "sync/relational/statements.hpp"
#include "sync/shared_ledger.hpp"
#include "sync/sqlite/session.hpp"
#include "tests/ledger/ledger_place.hpp"
#include "tests/ledger/postgresql_server.hpp"
#include "tests/support/small_ledger.hpp"

#include <algorithm>
#include <filesystem>
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
        known = columns_known_to(*sql, "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM "
                                       "information_schema.columns WHERE table_schema = "
                                       "current_schema() AND table_name NOT IN ('counts', 'leases', 'machines', "
                                       "'parts', 'requests', 'schema_version')");
    } else {
        sqlite::connection sql;
        sql.open(settings.path);
        known = columns_known_to(sql, "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE "
                                      "m.type = 'table' AND m.name <> 'counts' AND m.name NOT LIKE 'sqlite_%'");
    }
    BOOST_TEST(known == columns_copied(), boost::test_tools::per_element());
}

namespace {

struct filled_file : testing::ledger_place {
    filled_file()
    {
        const auto store = open_sqlite_ledger(file, ledger_access::write);
        unit_of_work unit(*store);
        mapping_record mapping;
        mapping.name = "engineering";
        mapping.cursor = {{"page", 7}};
        store->save(mapping);
        stored_application application;
        application.mapping = "engineering";
        application.id = "1";
        application.document = {{"applicant", {{"email", "ada@example.com"}}}};
        application.fingerprint = "abc";
        store->save(application);
        auto one = planned("1");
        store->save(one, "rule");
        one.state = assessment_state::inviting;
        store->save(one, "sending");
        one.state = assessment_state::invited;
        store->save(one, "sent", "correlation");
        auto note = note_for(one);
        store->add(note);
        store->save_fact("colour", "green");
        store->save_token("digest", {config::secret("token"), {}, one.updated_at});
        store->add(decision_record{one.updated_at, "approve", one.id, "1", "ada", "why"});
        store->save(wanted_extension{one.id, one.updated_at});
        unit.commit();
    }
    ~filled_file()
    {
        for (const auto* part : {"", "-wal", "-shm"})
            std::filesystem::remove(file + part);
    }
    filled_file(const filled_file&) = delete;
    filled_file& operator=(const filled_file&) = delete;

    std::string file =
        (std::filesystem::temp_directory_path() / ("testdome-sync-migrated-" + std::to_string(::getpid()) + ".db"))
            .string();
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_file_moves_into_a_database_as_a_whole_and_goes_on_there, filled_file,
                        *boost::unit_test::precondition(testing::only_postgresql{}))
{
    const auto rows = migrate_ledger(file, settings);
    BOOST_TEST(rows.at("assessments") == 1);
    BOOST_TEST(rows.at("transitions") == 3);
    const auto store = open();
    BOOST_TEST(!store->shared()->is_restored());
    BOOST_TEST(store->find_mapping("engineering").cursor == (boost::json::value{{"page", 7}}));
    BOOST_TEST(store->find_fingerprint("engineering", "1") == "abc");
    const auto all = store->assessments({}); // its checksum is right
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST((all[0].state == assessment_state::invited));
    BOOST_TEST(store->transitions(all[0].id).back().correlation_id == "correlation");
    BOOST_TEST(store->write_backs_of(all[0].id).size() == 1U);
    BOOST_TEST(store->decisions_of(all[0].id).size() == 1U);
    BOOST_TEST(store->wanted_extensions().size() == 1U);
    BOOST_TEST(store->find_token("digest")->token.reveal() == "token");
    BOOST_TEST(store->invitations_since(wall_time{}) == 1);
    unit_of_work unit(*store);
    auto next = planned("2");
    store->save(next, "rule");
    BOOST_TEST(next.id > all[0].id);
    unit.commit();
}

BOOST_FIXTURE_TEST_CASE(a_database_that_holds_a_ledger_or_is_at_work_is_left_alone, filled_file,
                        *boost::unit_test::precondition(testing::only_postgresql{}))
{
    {
        const auto store = open();
        BOOST_CHECK_THROW(migrate_ledger(file, settings), ledger_held);
        unit_of_work unit(*store);
        auto one = planned("7");
        store->save(one, "rule");
        unit.commit();
    }
    const auto told = complaint([&] { migrate_ledger(file, settings); });
    BOOST_TEST(told.find("holds a ledger already (1 row(s) in assessments)") != std::string::npos, told);
    BOOST_TEST(open()->assessments({}).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
