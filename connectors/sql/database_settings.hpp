#pragma once

#include "config/secret.hpp"

#include <chrono>
#include <string>

namespace testdome_sync::sql {

/// As in `database: {type: …}`; `mysql` is another word for `mariadb`.
enum class database_type { sqlite, postgresql, mariadb, odbc };

/// How far the connection must be protected. `prefer`: as far as the server offers it (PostgreSQL), else not at all.
enum class tls_mode { prefer, require, verify };

/// Where the database is and how to sign in.
struct database_settings {
    database_type type = database_type::sqlite;
    std::string file;   ///< sqlite: its path
    std::string host;   ///< postgresql, mariadb: a name or an address
    long long port = 0; ///< 0: the database's usual one
    std::string socket; ///< instead of host and port. mariadb: the socket; postgresql: the folder that it is in
    std::string name;   ///< of the database on the server
    std::string dsn;    ///< odbc: `DSN=…`, or a whole connection string without user and password
    std::string user;
    config::secret password;
    tls_mode tls = tls_mode::prefer;
    std::string ca_file;
    std::chrono::seconds timeout{30};     ///< for one poll or one action as a whole
    std::chrono::seconds lock_timeout{5}; ///< how long a statement may wait for a lock
};

/// "PostgreSQL 127.0.0.1:5432/hr": for people; without a secret.
std::string shown(const database_settings& settings);

} // namespace testdome_sync::sql
