#pragma once

#include "sync/relational/migration.hpp"

namespace testdome_sync::sync::sqlite {

/// The history of the tables; `PRAGMA user_version` counts the steps that a file has seen.
std::span<const relational::migration> migrations();

} // namespace testdome_sync::sync::sqlite
