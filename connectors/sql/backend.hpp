#pragma once

#include "connectors/sql/database_settings.hpp"

#include <memory>
#include <string>

namespace soci {
class session;
}

namespace testdome_sync::sql {

/// SOCI speaks to each kind of database by a library of its own, which is loaded when a mapping needs it. What to tell
/// if it isn't installed, with the Debian package that brings it; empty if all is well. Any thread.
std::string missing_backend(database_type type);

/// Opens a connection and sets its time limits. Throws soci::soci_error, or database_error where the connection isn't
/// as protected as the settings demand. Blocks for up to ten seconds.
std::unique_ptr<soci::session> open_session(const database_settings& settings);

/// The socket of a connection to a server; -1 if there is none or it can't be told.
int socket_of(soci::session& session, database_type type);

/// Ends what an SQLite connection is doing. Any thread, as long as the connection is open.
void interrupt_sqlite(soci::session& session);

} // namespace testdome_sync::sql
