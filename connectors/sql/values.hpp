#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sql {

/// A value for a statement's `:name`; null, true and false, numbers and texts can be bound.
struct parameter {
    std::string name;
    boost::json::value value;
};
using parameters = std::vector<parameter>;

/// What a column holds, as far as its text must be told apart.
enum class column_kind { text, number };

/// The JSON of a column's text. Whole numbers up to 2^53 are numbers, larger ones stay text: they are identifiers, and
/// jq would round them; `t` and `f` in a column of numbers are PostgreSQL's true and false. What
/// isn't UTF-8 becomes U+FFFD.
boost::json::value value_from(std::string_view text, column_kind kind);

} // namespace testdome_sync::sql
