#include "tests/databases/hr_database.hpp"
#include "tests/databases/proxy.hpp"
#include "tests/sandbox/certificates.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>

#include <soci/soci.h>

namespace testdome_sync::testing {
namespace json = boost::json;
using sql::live_connector;
using sync::errc;
using sync::write_outcome;

BOOST_AUTO_TEST_SUITE(mariadb, *boost::unit_test::precondition(only_for{database_server::product::mariadb}))

BOOST_FIXTURE_TEST_CASE(every_type_of_column_is_read, hr_database)
{
    *hr << "CREATE TABLE typed (id INT, small TINYINT, big BIGINT UNSIGNED, exact DECIMAL(30, 2), approximate DOUBLE, "
           "day DATE, moment DATETIME(3), never DATETIME, clock TIME, words TEXT CHARACTER SET latin1, document JSON, "
           "none VARCHAR(9))";
    *hr << "GRANT SELECT ON hr.typed TO testdome_sync@'%'";
    *hr << "INSERT INTO typed VALUES (1, -2, 18446744073709551615, 12345678901234567890.50, 0.1, '2026-11-23', "
           "'2026-11-23 10:00:00.250', '1000-01-01 00:00:00', '10:00:00', 'café', '{\"a\": 1}', NULL)";
    auto text = mapping();
    text.replace(text.find("SELECT id, name"), text.find("\", since") - text.find("SELECT id, name"),
                 "SELECT *, id = 1 AS yes FROM typed");
    const auto read = live_connector(text).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_REQUIRE(read->applications.size() == 1U);
    BOOST_TEST(read->applications.front().raw == (json::value{{"id", 1},
                                                              {"small", -2},
                                                              {"big", "18446744073709551615"},
                                                              {"exact", 12345678901234567890.5},
                                                              {"approximate", 0.1},
                                                              {"day", "2026-11-23"},
                                                              {"moment", "2026-11-23 10:00:00.250"},
                                                              {"never", "1000-01-01 00:00:00"},
                                                              {"clock", "10:00:00"},
                                                              {"words", "café"},
                                                              {"document", "{\"a\": 1}"},
                                                              {"none", nullptr},
                                                              {"yes", 1}}));
}

BOOST_FIXTURE_TEST_CASE(the_connection_can_be_a_socket, hr_database)
{
    auto text = mapping();
    text.replace(text.find("host: 127.0.0.1"), 15, "socket: " + server().socket());
    const auto read = live_connector(text).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
}

BOOST_FIXTURE_TEST_CASE(who_demands_tls_of_a_server_without_gets_no_answer, hr_database)
{
    const auto read = live_connector(mapping("", ", tls: {ca_file: /etc/ssl/certs/ca-certificates.crt}")).poll();
    check_failure(read, errc::not_sent, "TLS");
}

namespace {

/// The server offers TLS, with a certificate for 127.0.0.1.
struct with_tls {
    with_tls()
    {
        const auto authority = sandbox::make_authority();
        const auto own = sandbox::issue(authority, {.hosts = {"127.0.0.1"}});
        const auto keep = [&](const char* name, const std::string& text) {
            const auto path = (server().folder() / name).string();
            std::ofstream(path) << text;
            return path;
        };
        ca_file = keep("ca.pem", authority.certificate_pem);
        server().kill();
        server().start({"--ssl-ca=" + ca_file, "--ssl-cert=" + keep("tls.pem", own.certificate_pem),
                        "--ssl-key=" + keep("tls.key", own.key_pem)});
        hr = std::make_unique<hr_database>();
    }
    ~with_tls()
    {
        hr.reset();
        server().kill();
        server().start();
    }
    with_tls(const with_tls&) = delete;
    with_tls& operator=(const with_tls&) = delete;

    sync::result<sync::poll_answer> poll(const std::string& host, const std::string& tls) const
    {
        auto text = hr->mapping("", ", tls: " + tls);
        text.replace(text.find("127.0.0.1"), 9, host);
        return live_connector(text).poll();
    }

    std::string ca_file;
    std::unique_ptr<hr_database> hr;
};

} // namespace

BOOST_FIXTURE_TEST_CASE(a_certificate_counts_for_the_host_that_it_names, with_tls)
{
    const auto verify = "{mode: verify, ca_file: " + ca_file + '}';
    const auto well = poll("127.0.0.1", verify);
    BOOST_REQUIRE_MESSAGE(well, well.error().detail);
    BOOST_TEST(well->applications.size() == 3U);
    check_failure(poll("127.0.0.2", verify), errc::not_sent, "certificate");
    BOOST_TEST(poll("127.0.0.2", "{mode: require, ca_file: " + ca_file + '}').has_value());
    check_failure(poll("127.0.0.1", "{mode: verify}"), errc::not_sent, "certificate"); // of another authority
}

namespace {

/// A table that keeps every change at once.
struct without_transactions : hr_database {
    without_transactions()
    {
        *hr << "CREATE TABLE activity (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200)) ENGINE = MyISAM";
        *hr << "CREATE TABLE history (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200) UNIQUE) ENGINE = MyISAM";
        *hr << "GRANT SELECT, INSERT, UPDATE ON hr.activity TO testdome_sync@'%'";
        *hr << "GRANT SELECT, INSERT, UPDATE ON hr.history TO testdome_sync@'%'";
    }
    std::string actions(const std::string& already) const
    {
        return "  note:\n" + already + R"yaml(
    statements:
      - {sql: "INSERT INTO activity (text) VALUES (:text)", parameters: {text: !jq .marker}}
      - {sql: "INSERT INTO history (text) VALUES (:text)", parameters: {text: !jq .argument}}
)yaml";
    }
    const std::string asked =
        "    already: {query: \"SELECT 1 FROM activity WHERE text = :m\", parameters: {m: !jq .marker}}\n";
};

} // namespace

BOOST_FIXTURE_TEST_CASE(without_transactions_everything_after_the_first_statement_is_unknown, without_transactions)
{
    breaking_proxy proxy(server().port(), "INSERT INTO history", breaking_proxy::moment::before_the_server_hears);
    live_connector connector(mapping(actions(asked), "", proxy.port()));
    check_failure(connector.write("note", "n", about(1)), errc::outcome_unknown, "");
    BOOST_TEST(number("SELECT COUNT(*) FROM activity") == 1);
    BOOST_TEST((connector.write("note", "n", about(1)).value() == write_outcome::already_done));
    BOOST_TEST(number("SELECT COUNT(*) FROM activity") == 1);
}

BOOST_FIXTURE_TEST_CASE(without_transactions_a_refused_statement_tells_that_others_were_carried_out,
                        without_transactions)
{
    live_connector connector(mapping(actions(asked)));
    *hr << "INSERT INTO history (text) VALUES ('twice')";
    check_failure(connector.write("note", "twice", about(1)), errc::refused, "can't be taken back");
    BOOST_TEST(number("SELECT COUNT(*) FROM activity") == 1);
}

BOOST_FIXTURE_TEST_CASE(the_check_tells_which_actions_are_not_safe_without_transactions, without_transactions)
{
    live_connector safe(mapping(actions(asked)));
    BOOST_TEST(safe.world.run(safe.hr_system->check())->empty());
    live_connector unsafe(mapping(actions("")));
    const auto findings = unsafe.world.run(unsafe.hr_system->check());
    BOOST_REQUIRE_MESSAGE(findings, findings.error().detail);
    BOOST_REQUIRE(findings->size() == 2U);
    BOOST_TEST(findings->front().find("the table activity has no transactions") != std::string::npos,
               findings->front());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
