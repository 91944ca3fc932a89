#pragma once

#include "connectors/sql/database_settings.hpp"
#include "connectors/sql/values.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <string>

namespace soci {
class session;
}

namespace testdome_sync::sql {

/// One statement with its values, and what becomes of its rows.
struct execution {
    std::string text;
    parameters values;
    /// Called for each row, with its columns in order. Empty: the statement gives no rows.
    std::function<void(boost::json::object row)> take{};
};

/// Carries the statement out; returns how many rows it changed. Throws soci::soci_error, database_error.
long long execute(soci::session& session, database_type type, const execution& wanted);

/// Has the database read the statement without carrying it out. Throws soci::soci_error.
void prepare_only(soci::session& session, database_type type, const std::string& text,
                  const std::string& with_question_marks);

} // namespace testdome_sync::sql
