#pragma once

#include "connectors/sql/database_settings.hpp"

#include <stdexcept>
#include <string>

namespace soci {
class soci_error;
}

namespace testdome_sync::sql {

/// What went wrong, as far as it decides what is done next.
enum class trouble {
    unreachable,     ///< no connection was made, or the database can't work at all
    lost,            ///< the connection ended: what was under way may or may not have been carried out
    busy,            ///< deadlock, lock, too many connections: the same may succeed later
    too_long,        ///< ended by a time limit, or by us
    denied,          ///< sign-in or rights
    refused,         ///< the data doesn't fit: a constraint, a type, a length
    wrong_statement, ///< the statement doesn't fit the database: syntax, an unknown table or column
    unknown,
};

/// Thrown where the database is spoken to, on a worker thread. `what()` is one line, without values and secrets.
struct database_error : std::runtime_error {
    database_error(trouble kind_, const std::string& text) : std::runtime_error(text), kind(kind_) {}
    trouble kind;
};

/// By SQLSTATE (ISO 9075; PostgreSQL's appendix A, ODBC's appendix A).
trouble trouble_of_sqlstate(const std::string& sqlstate);
/// By the error numbers of MariaDB and MySQL, the server's and the client's.
trouble trouble_of_mariadb(unsigned int number);
/// By SQLite's result codes.
trouble trouble_of_sqlite(int result);

/// What SOCI says, without what it adds: the statement, its parameters, the connect string.
database_error understood(const soci::soci_error& error, const database_settings& settings);

/// The first line of a database's message without what it quotes of the data.
std::string without_data(const std::string& message, trouble kind, database_type type);

} // namespace testdome_sync::sql
