#pragma once

#include "tests/databases/server.hpp"
#include "tests/unit/sql/described.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>

#include <soci/soci.h>

namespace testdome_sync::testing {

inline bool is_postgresql()
{
    return server().kind() == database_server::product::postgresql;
}

/// For tests of one product only.
struct only_for {
    database_server::product product;
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const
    {
        return server().kind() == product;
    }
};

/// A small HR database `hr`, new for each test, and the user `testdome_sync`, who may do what a mapping needs.
struct hr_database {
    hr_database() : hr(server().administrator())
    {
        if (is_postgresql()) {
            *hr << "DROP SCHEMA IF EXISTS public CASCADE";
            *hr << "CREATE SCHEMA public";
            make_postgresql();
        } else {
            *hr << "DROP DATABASE IF EXISTS hr";
            *hr << "CREATE DATABASE hr CHARACTER SET utf8mb4";
            *hr << "USE hr";
            make_mariadb();
        }
        *hr << "CREATE TABLE secrets (id INT PRIMARY KEY)";
        for (const std::string name : {"Ada Byron", "Bob Stone", "Eve Noble"})
            *hr << "INSERT INTO applications (name, email, updated_at) VALUES (:n, 'p@example.com', '2026-11-23 "
                   "10:00:00')",
                soci::use(name, "n");
    }

    void make_postgresql()
    {
        *hr << "CREATE TABLE applications (id BIGSERIAL PRIMARY KEY, name TEXT, email VARCHAR(128), updated_at "
               "TIMESTAMP, stage TEXT DEFAULT 'new')";
        *hr << "CREATE TABLE notes (id BIGSERIAL PRIMARY KEY, application BIGINT NOT NULL REFERENCES applications, "
               "text VARCHAR(200) NOT NULL UNIQUE)";
        *hr << "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'testdome_sync') THEN CREATE ROLE "
               "testdome_sync LOGIN PASSWORD 'it''s a \\ secret'; END IF; END $$";
        *hr << "GRANT USAGE ON SCHEMA public TO testdome_sync";
        *hr << "GRANT SELECT, INSERT, UPDATE ON applications, notes TO testdome_sync";
        *hr << "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO testdome_sync";
    }

    void make_mariadb()
    {
        *hr << "CREATE TABLE applications (id BIGINT AUTO_INCREMENT PRIMARY KEY, name TEXT, email VARCHAR(128), "
               "updated_at DATETIME, stage VARCHAR(32) DEFAULT 'new') ENGINE = InnoDB";
        *hr << "CREATE TABLE notes (id BIGINT AUTO_INCREMENT PRIMARY KEY, application BIGINT NOT NULL, text "
               "VARCHAR(200) NOT NULL UNIQUE, FOREIGN KEY (application) REFERENCES applications (id)) ENGINE = InnoDB";
        *hr << "CREATE USER IF NOT EXISTS testdome_sync@'%' IDENTIFIED BY 'it''s a \\\\ secret'";
        *hr << "GRANT SELECT, INSERT, UPDATE ON hr.applications TO testdome_sync@'%'";
        *hr << "GRANT SELECT, INSERT, UPDATE ON hr.notes TO testdome_sync@'%'";
    }

    long long number(const std::string& query)
    {
        long long value = -1;
        *hr << query, soci::into(value);
        return value;
    }

    /// Numbers of the connections of `testdome_sync` that wait for a lock, or all of them.
    long long connections(bool waiting)
    {
        if (is_postgresql())
            return number(std::string("SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'testdome_sync'") +
                          (waiting ? " AND wait_event_type = 'Lock'" : ""));
        return number(waiting ? "SELECT CAST(variable_value AS INT) FROM information_schema.global_status WHERE "
                                "variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'"
                              : "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'testdome_sync'");
    }

    void kill_connections()
    {
        if (is_postgresql()) {
            *hr << "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'testdome_sync'";
            while (connections(false) > 0) {
            }
            return;
        }
        soci::rowset<long long> all =
            (hr->prepare << "SELECT id FROM information_schema.processlist WHERE user = 'testdome_sync'");
        std::vector<long long> ids(all.begin(), all.end());
        for (const auto id : ids)
            *hr << "KILL " + std::to_string(id);
        while (connections(false) > 0) {
        }
    }

    static std::string mapping(const std::string& actions = "", const std::string& more = ", lock_timeout: 5s",
                               unsigned short port = 0)
    {
        // PostgreSQL has databases beside each other, too; the tests use its first one.
        auto text = server().mapping(more, port);
        if (is_postgresql())
            text.replace(text.find("name: hr"), 8, "name: postgres");
        return text + R"yaml(
list: {query: "SELECT id, name, email, updated_at, stage FROM applications WHERE updated_at >= :since ORDER BY id", since: iso_naive}
application: {id: !jq .id, updated_at: !jq .updated_at, applicant: {name: !jq .name, email: !jq .email}}
)yaml" + (actions.empty() ? "" : "actions:\n" + actions);
    }

    std::unique_ptr<soci::session> hr;
};

/// A note that is looked for first, on a row that is locked meanwhile.
inline const std::string note = R"yaml(
  note:
    lookups:
      application: {query: "SELECT stage FROM applications WHERE id = :id FOR UPDATE", parameters: {id: !jq .application.id}, missing: the application is gone}
    already: {query: "SELECT COUNT(*) FROM notes WHERE text LIKE :marker", parameters: {marker: "%{{ .marker }}%"}}
    statements:
      - {sql: "INSERT INTO notes (application, text) VALUES (:id, :text)", parameters: {id: !jq .application.id, text: "{{ .argument }} [{{ .marker }}]"}}
      - {sql: "UPDATE applications SET stage = 'noted' WHERE id = :id", parameters: {id: !jq .application.id}, expect_rows: 1}
)yaml";

inline boost::json::object about(long long id, const std::string& marker = "td-0123456789ab")
{
    return {{"application", {{"id", id}}}, {"marker", marker}};
}

template <class T>
void check_failure(const sync::result<T>& outcome, sync::errc code, const std::string& words)
{
    BOOST_REQUIRE(!outcome);
    BOOST_TEST((outcome.error().code == code), outcome.error().code.message() << ": " << outcome.error().detail);
    BOOST_TEST(outcome.error().detail.find(words) != std::string::npos, outcome.error().detail);
    BOOST_TEST(outcome.error().detail.find("secret") == std::string::npos, outcome.error().detail);
}

/// A write that goes on while the test does other things.
struct write_under_way {
    write_under_way(sql::live_connector& of, const std::string& action, boost::json::object document) : connector(of)
    {
        boost::asio::co_spawn(of.world.context(), of.hr_system->write({action, "n", std::move(document), false}),
                              [this](std::exception_ptr error, sync::result<sync::write_outcome> said) {
                                  if (!error)
                                      outcome = std::move(said);
                                  ended = true;
                              });
        of.world.context().restart();
    }
    /// Runs the loop until the condition holds.
    template <class Condition>
    void until(Condition holds)
    {
        while (!ended && !holds())
            connector.world.context().run_one_for(std::chrono::milliseconds{5});
    }
    sync::result<sync::write_outcome> end()
    {
        until([] { return false; });
        return outcome.value();
    }

    sql::live_connector& connector;
    std::optional<sync::result<sync::write_outcome>> outcome;
    bool ended = false;
};

} // namespace testdome_sync::testing
