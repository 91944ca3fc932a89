#pragma once

#include <boost/json/object.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace soci {
class session;
}

namespace testdome_sync::sql {

inline const std::string reading = R"yaml(
list: {query: "SELECT * FROM applications WHERE updated_at >= :since ORDER BY id", since: iso_naive}
application: {id: !jq .id, updated_at: !jq .updated_at, applicant: {name: !jq .name, email: !jq .email}}
)yaml";

/// A small HR database in a file of its own.
struct hr_database {
    explicit hr_database(const std::string& name = "sql");
    ~hr_database();

    void add(const std::string& name, const std::string& email, const std::string& time = "2026-11-23 10:00:00");
    long long number(const std::string& query);
    std::string mapping(const std::string& actions = "", const std::string& list = reading,
                        const std::string& more = "") const;

    std::filesystem::path path;
    std::unique_ptr<soci::session> session;
    soci::session& sql;
};

inline const std::string note = R"yaml(
  note:
    already: {query: "SELECT COUNT(*) FROM notes WHERE text LIKE '%' || :marker || '%'", parameters: {marker: !jq .marker}}
    statements:
      - {sql: "INSERT INTO notes (application, text) VALUES (:id, :text)", parameters: {id: !jq .application.id, text: "{{ .argument }} [{{ .marker }}]"}}
      - {sql: "UPDATE applications SET stage = 'noted' WHERE id = :id", parameters: {id: !jq .application.id}, expect_rows: 1}
)yaml";

inline boost::json::object about(long long id)
{
    return {{"application", {{"id", id}}}};
}

} // namespace testdome_sync::sql
