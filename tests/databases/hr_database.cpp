#include "tests/databases/hr_database.hpp"

#include <vector>

#include <soci/soci.h>

namespace testdome_sync::testing {

hr_database::hr_database() : hr(server().administrator())
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

hr_database::~hr_database() = default;

void hr_database::make_postgresql()
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

void hr_database::make_mariadb()
{
    *hr << "CREATE TABLE applications (id BIGINT AUTO_INCREMENT PRIMARY KEY, name TEXT, email VARCHAR(128), "
           "updated_at DATETIME, stage VARCHAR(32) DEFAULT 'new') ENGINE = InnoDB";
    *hr << "CREATE TABLE notes (id BIGINT AUTO_INCREMENT PRIMARY KEY, application BIGINT NOT NULL, text "
           "VARCHAR(200) NOT NULL UNIQUE, FOREIGN KEY (application) REFERENCES applications (id)) ENGINE = InnoDB";
    *hr << "CREATE USER IF NOT EXISTS testdome_sync@'%' IDENTIFIED BY 'it''s a \\\\ secret'";
    *hr << "GRANT SELECT, INSERT, UPDATE ON hr.applications TO testdome_sync@'%'";
    *hr << "GRANT SELECT, INSERT, UPDATE ON hr.notes TO testdome_sync@'%'";
}

long long hr_database::number(const std::string& query)
{
    long long value = -1;
    *hr << query, soci::into(value);
    return value;
}

std::string hr_database::text(const std::string& query)
{
    std::string value = "nothing";
    *hr << query, soci::into(value);
    return value;
}

long long hr_database::connections(bool waiting)
{
    if (is_postgresql())
        return number(std::string("SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'testdome_sync'") +
                      (waiting ? " AND wait_event_type = 'Lock'" : ""));
    return number(waiting ? "SELECT CAST(variable_value AS INT) FROM information_schema.global_status WHERE "
                            "variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'"
                          : "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'testdome_sync'");
}

void hr_database::kill_connections()
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

std::string hr_database::mapping(const std::string& actions, const std::string& more, unsigned short port)
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

} // namespace testdome_sync::testing
