#pragma once

#include "config/jq.hpp"
#include "config/mapping.hpp"
#include "config/node.hpp"
#include "config/problems.hpp"
#include "config/templates.hpp"
#include "connectors/rest/description.hpp"
#include "connectors/sql/connection.hpp"
#include "connectors/sql/statement.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::sql {

/// A statement and where its values come from: one for each of its names.
struct statement_description {
    sql::statement statement;
    std::vector<std::pair<std::string, config::json_template>> values;
};

/// `list:`. The query's values see `.since`, `.cursor` and `.credentials`; `:since` and `:cursor` need no telling.
struct list_description {
    statement_description query;
    connectors::time_format since = *connectors::time_format::from("iso");
    std::optional<config::jq_expression> cursor; ///< of the last row: what to keep for the next poll
    row_limits limits;

    /// Not all of the table is read, so that whoever is first seen later may have been there before.
    bool reads_window() const { return std::ranges::count(query.statement.parameters, "since") > 0; }
};

/// A question whose first row an action needs, seen as `.lookup.NAME`; null without a row.
struct lookup_description {
    std::string name;
    statement_description query;
    std::string missing; ///< what to say when there is no row; empty: that is fine
};

/// `already:`: whether an action was carried out before.
struct already_description {
    std::optional<statement_description> query;
    /// Sees `.rows` of the query, and what the action sees. None: there is a row whose first column is neither null,
    /// nor false, nor 0.
    std::optional<config::jq_expression> when;
};

/// One of the statements of an action.
struct change_description {
    statement_description change;
    std::optional<long long> expect_rows; ///< how many rows it must change; else nothing is changed at all
};

/// What `note:`, `move_stage:` … mean: all in one transaction. Values see the write-back's document, `.argument`,
/// `.marker`, `.credentials` (without the password) and `.lookup`.
struct action_description {
    std::string name;
    std::string description;
    std::vector<lookup_description> lookups;
    std::optional<already_description> already;
    std::vector<change_description> statements;
    bool idempotent = false;
    std::optional<statement_description> known; ///< the first column: names that the argument can have
};

/// All that the connector knows of one database: a preset with the mapping's own keys on top.
struct description {
    std::string mapping; ///< the mapping's name
    database_settings database;
    list_description list;
    std::optional<config::jq_expression> select;
    config::json_template application;
    std::string time_zone; ///< of times that tell none; empty: UTC
    std::map<std::string, action_description> actions;
    std::optional<statement_description> check;
    std::optional<statement_description> stage_names;
    std::vector<rest::used_name> used_names;
    boost::json::object credentials; ///< without the password
};

/// Reads what the mapping says on top of `preset` (null with `connector: sql`). Every mistake is a problem;
/// expressions are added to the mapping's library, which the caller compiles afterwards.
std::optional<description> read_description(const config::mapping& mapping, const config::node* preset,
                                            config::problems& found);

/// `database:`, with `user` and `password` from the mapping's credentials. Reads the type first, as the statements
/// depend on it.
database_settings read_database(const config::node& value, const config::mapping& mapping, config::reader& parent);

} // namespace testdome_sync::sql
