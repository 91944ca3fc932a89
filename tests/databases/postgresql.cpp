#include "tests/databases/hr_database.hpp"

#include <boost/test/unit_test.hpp>

#include <soci/soci.h>

#include <filesystem>
#include <iostream>
#include <string>

namespace testdome_sync::testing {
namespace json = boost::json;
using sql::live_connector;

BOOST_AUTO_TEST_SUITE(postgresql, *boost::unit_test::precondition(only_for{database_server::product::postgresql}))

BOOST_FIXTURE_TEST_CASE(every_type_of_column_is_read, hr_database)
{
    *hr << "CREATE TABLE typed (id INT, small SMALLINT, big BIGINT, exact NUMERIC(30, 2), approximate DOUBLE "
           "PRECISION, "
           "yes BOOLEAN, day DATE, moment TIMESTAMPTZ, naive TIMESTAMP, key UUID, document JSONB, list INT[], "
           "bytes BYTEA, none TEXT)";
    *hr << "GRANT SELECT ON typed TO testdome_sync";
    *hr << "INSERT INTO typed VALUES (1, 2, 9007199254740993, 12345678901234567890.50, 0.1, TRUE, '2026-11-23', "
           "'2026-11-23 10:00:00.25+01', '2026-11-23 10:00:00', '11111111-2222-3333-4444-555555555555', '{\"a\": 1}', "
           "'{1,2}', '\\x00ff', NULL)";
    auto text = mapping();
    text.replace(text.find("SELECT id, name"), text.find("\", since") - text.find("SELECT id, name"),
                 "SELECT *, moment AT TIME ZONE 'UTC' AS in_utc FROM typed");
    const auto read = live_connector("time_zone: +01:00\n" + text).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_REQUIRE(read->applications.size() == 1U);
    const auto one = read->applications.front();
    const auto& raw = one.raw.as_object();
    BOOST_TEST((raw.at("small") == 2));
    BOOST_TEST((raw.at("big") == "9007199254740993"));
    BOOST_TEST((raw.at("exact") == 12345678901234567890.5));
    BOOST_TEST((raw.at("approximate") == 0.1));
    BOOST_TEST((raw.at("yes") == true));
    BOOST_TEST((raw.at("day") == "2026-11-23"));
    BOOST_TEST((*sync::time_from(raw.at("moment").as_string()) == *sync::time_from("2026-11-23T09:00:00.25Z")));
    BOOST_TEST((raw.at("naive") == "2026-11-23 10:00:00"));
    BOOST_TEST((raw.at("in_utc") == "2026-11-23 09:00:00.25"));
    BOOST_TEST((raw.at("key") == "11111111-2222-3333-4444-555555555555"));
    BOOST_TEST((raw.at("document") == "{\"a\": 1}"));
    BOOST_TEST((raw.at("list") == "{1,2}"));
    BOOST_TEST((raw.at("none").is_null()));
}

BOOST_FIXTURE_TEST_CASE(a_type_that_can_not_be_read_is_told, hr_database)
{
    auto text = mapping();
    text.replace(text.find("SELECT id,"), 10, "SELECT id, INTERVAL '1 day' AS span,");
    check_failure(live_connector(text).poll(), sync::errc::not_sent,
                  "column 2 of the query has a type that can't be read");
}

BOOST_FIXTURE_TEST_CASE(the_connection_can_be_a_socket, hr_database)
{
    auto text = mapping();
    text.replace(text.find("host: 127.0.0.1"), 15, "socket: " + server().socket());
    const auto read = live_connector(text).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
}

BOOST_FIXTURE_TEST_CASE(who_demands_tls_of_a_server_without_gets_no_connection, hr_database)
{
    const auto read = live_connector(mapping("", ", tls: {mode: verify}")).poll();
    check_failure(read, sync::errc::not_sent, "SSL");
}

namespace {

/// Debian's odbc-postgresql; empty if it isn't installed. Its folder has the architecture's name.
std::string odbc_driver()
{
    for (const auto& folder : std::filesystem::directory_iterator("/usr/lib"))
        if (auto driver = folder.path() / "odbc/psqlodbcw.so"; std::filesystem::exists(driver))
            return driver.string();
    return {};
}

struct driver_installed {
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const
    {
        const bool installed = !odbc_driver().empty();
        if (!installed)
            std::cout << "skipped: the driver for ODBC; apt-get install odbc-postgresql\n";
        return installed;
    }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_database_with_an_odbc_driver_is_read_and_written, hr_database,
                        *boost::unit_test::precondition(driver_installed{}))
{
    auto text = mapping(note);
    const auto begin = text.find("database:");
    text.replace(begin, text.find('\n') - begin,
                 "database: {type: odbc, dsn: \"Driver=" + odbc_driver() +
                     ";Server=127.0.0.1;Port=" + std::to_string(server().port()) + ";Database=postgres\"}");
    live_connector connector(text);
    const auto read = connector.poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_REQUIRE(read->applications.size() == 3U);
    BOOST_TEST(read->applications.front().raw == (json::value{{"id", 1},
                                                              {"name", "Ada Byron"},
                                                              {"email", "p@example.com"},
                                                              {"updated_at", "2026-11-23 10:00:00"},
                                                              {"stage", "new"}}));
    const auto first = connector.write("note", "it's ?", about(1));
    BOOST_REQUIRE_MESSAGE(first, first.error().detail);
    BOOST_TEST((connector.write("note", "it's ?", about(1)).value() == sync::write_outcome::already_done));
    check_failure(connector.write("note", json::value(std::string(201, 'x')), about(1, "td-long")), sync::errc::refused,
                  "22001");
    BOOST_TEST(number("SELECT COUNT(*) FROM notes WHERE text = 'it''s ? [td-0123456789ab]'") == 1);
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 1);
    kill_connections();
    check_failure(connector.write("note", "n", about(2, "td-2")), sync::errc::not_sent, "");
    BOOST_TEST(connector.write("note", "n", about(2, "td-2")).has_value());
    text.replace(text.find("it's a"), 6, "it is a");
    const auto denied = live_connector(text).poll();
    check_failure(denied, sync::errc::denied, "08001");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
