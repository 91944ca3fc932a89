#pragma once

#include "config/node.hpp"
#include "config/problems.hpp"
#include "connectors/sql/database_settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sql {

/// What a statement may be: a query reads (SELECT, WITH); a change does something (INSERT, UPDATE, DELETE, REPLACE,
/// MERGE, WITH, CALL, EXEC, SELECT of a function).
enum class statement_kind { query, change };

/// One SQL statement of a mapping file, read as far as it has to be understood.
struct statement {
    std::string text;                    ///< without comments and the semicolon at its end
    std::vector<std::string> parameters; ///< the names after colons, each once, in the order of their appearance
    std::string with_question_marks;     ///< `text` with `?` for each parameter
    /// The table that an INSERT, REPLACE, UPDATE or DELETE changes, unquoted; empty if it can't be told.
    std::string changed_table;
    config::position where;
};

/// Reads `value` for a database of that type. Several statements, a statement of another kind, a colon that names no
/// parameter, and what SOCI would read in another way than the database are problems.
std::optional<statement> read_statement(const config::node& value, statement_kind kind, database_type type,
                                        config::problems& found);

} // namespace testdome_sync::sql
