#pragma once

#include "sync/relational/statement.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace testdome_sync::sync::relational {

/// A table that every ledger has, and its columns: `name` a text, `name#` a number.
struct table {
    std::string_view name;
    std::string_view columns;
    bool is_numbered; ///< its `id` is given by the database
};
/// In an order in which no row refers to one that comes later.
std::span<const table> tables();

/// Copies all rows of all tables. Both stand in a unit of work of the caller's, and `to` has empty tables.
/// @returns how many rows each table has had
std::map<std::string, std::int64_t> copy_tables(database& from, database& to);

/// How many rows each table has.
std::map<std::string, std::int64_t> count_rows(database& in);

} // namespace testdome_sync::sync::relational
