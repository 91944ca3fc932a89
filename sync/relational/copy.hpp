#pragma once

#include "sync/relational/statement.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync::relational {

/// A table that every ledger has, and its columns: `name` a text, `name#` a number.
struct table {
    std::string_view name;
    std::string_view columns;
    bool is_numbered; ///< its `id` is given by the database
};
struct column {
    std::string name;
    bool is_number = false;
};
/// One value of a row on its way.
struct cell {
    long long number = 0;
    std::string text;
    auto operator<=>(const cell&) const = default;
};
/// In an order in which no row refers to one that comes later.
std::span<const table> tables();

/// Copies all rows of all tables. Both stand in a unit of work of the caller's, and `to` has empty tables.
/// @returns how many rows each table has had
std::map<std::string, std::int64_t> copy_tables(database& from, database& to);

/// Rows of one table, taken out of it and put back.
class taken_rows {
public:
    /// @param condition  with the parameters that `take` is given
    taken_rows(const table& of, const std::string& condition, database& in);

    void take(const std::vector<std::string>& parameters);
    /// In the order of the table's first columns. Only once.
    void put_back();

private:
    std::vector<column> columns_;
    std::unique_ptr<statement> reading_, removing_, writing_;
    std::vector<std::vector<cell>> rows_;
};

/// How many rows each table has.
std::map<std::string, std::int64_t> count_rows(database& in);

} // namespace testdome_sync::sync::relational
