#pragma once

#include "sync/relational/migration.hpp"

namespace testdome_sync::sync::postgresql {

/// The history of the tables; the table `schema_version` counts the steps that a database has seen. Their columns are
/// those of SQLite's tables; what only several machines need is in tables of its own.
std::span<const relational::migration> migrations();

} // namespace testdome_sync::sync::postgresql
