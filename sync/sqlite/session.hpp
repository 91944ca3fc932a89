#pragma once

#include "sync/ledger.hpp"
#include "sync/sqlite/connection.hpp"

#include <string>

namespace testdome_sync::sync::sqlite {

/// Opens the file as `access` says, with the settings that durability needs, and brings its schema up to date.
void open(connection& sql, const std::string& path, ledger_access access);

/// An empty ledger in memory, with the newest schema.
void open_empty(connection& sql);

/// The ledger in such a connection, which it closes.
std::unique_ptr<ledger> ledger_of(std::unique_ptr<connection> in_memory);

/// Copies the file's contents as they are at one moment, whoever works with it. Throws ledger_error if it is cut off or
/// can't be read.
void copy_into(connection& target, const std::string& path);

/// So small that it is checked whenever it is opened to write.
bool is_small(connection& sql);

enum class thoroughness {
    structure,  ///< of all pages
    everything, ///< its indexes too, however long that takes
};
/// Throws ledger_error if SQLite finds damage.
void require_undamaged(connection& sql, const std::string& path, thoroughness how);

/// Where damage is found only while the ledger is at work, systemd starts the program again, and until the damage is
/// found once more it would invite by what it reads there. So a file beside the ledger says what was found.
void mark_as_damaged(const std::string& path, const std::string& finding);
bool is_marked_as_damaged(const std::string& path);

/// The text that an administrator needs for an SQLite error: what happened to which file, and what to do.
std::string explain(const sqlite_error& error, const std::string& path);

/// What to tell of damage that was found: in which file, and what to do.
std::string damage(const std::string& path, const std::string& finding);

/// In a handler: throws what is handled again, as a ledger_error where it is one of SQLite's errors, or a value that
/// can't be understood.
[[noreturn]] void rethrow_explained(const std::string& path);

} // namespace testdome_sync::sync::sqlite
