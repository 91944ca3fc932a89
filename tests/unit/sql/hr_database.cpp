#include "tests/unit/sql/hr_database.hpp"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <unistd.h>

namespace testdome_sync::sql {

hr_database::hr_database(const std::string& name)
    : path(std::filesystem::temp_directory_path() / (name + '-' + std::to_string(::getpid()) + ".db")),
      session(std::make_unique<soci::session>()), sql(*session)
{
    std::filesystem::remove(path);
    sql.open(soci::sqlite3, "db=\"" + path.string() + '"');
    sql << "CREATE TABLE applications (id INTEGER PRIMARY KEY, name TEXT, email TEXT, updated_at DATETIME, stage "
           "TEXT DEFAULT 'new', big INTEGER, score REAL, anything)";
    sql << "CREATE TABLE notes (id INTEGER PRIMARY KEY, application INTEGER NOT NULL REFERENCES applications, text "
           "TEXT NOT NULL UNIQUE)";
    add("Ada Byron", "ada@example.com");
}

hr_database::~hr_database()
{
    std::filesystem::remove(path);
}

void hr_database::add(const std::string& name, const std::string& email, const std::string& time)
{
    sql << "INSERT INTO applications (name, email, updated_at) VALUES (:n, :e, :t)", soci::use(name, "n"),
        soci::use(email, "e"), soci::use(time, "t");
}

long long hr_database::number(const std::string& query)
{
    long long value = -1;
    sql << query, soci::into(value);
    return value;
}

std::string hr_database::mapping(const std::string& actions, const std::string& list, const std::string& more) const
{
    return "database: {type: sqlite, file: " + path.string() + ", lock_timeout: 1s, timeout: 5s" + more + "}\n" + list +
           (actions.empty() ? "" : "actions:\n" + actions);
}

} // namespace testdome_sync::sql
