#pragma once

#include "config/node.hpp"
#include "connectors/csv/description.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::csv {

/// Adds the columns that the expressions in `value` name and need: `.Email`, `."First Name"` and `.["First Name"]`,
/// but not `.["First Name"]?`. An expression that finds its columns in another way names none.
void find_columns(const config::node& value, std::vector<named_column>& into);

/// A file's columns by its first row, and what is wrong with them.
struct header {
    std::vector<std::string> columns; ///< without blanks around them; empty: nobody can name it
    /// Nothing if `needed` are all there, once; else what to do about it. Tells the columns that exist only if some are
    /// the ones that are needed: a file without a header begins with a person.
    std::optional<std::string> problem_with(const std::vector<named_column>& needed) const;
};
header header_from(const std::vector<std::string>& fields);

} // namespace testdome_sync::csv
