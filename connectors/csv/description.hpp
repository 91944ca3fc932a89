#pragma once

#include "config/jq.hpp"
#include "config/mapping.hpp"
#include "config/problems.hpp"
#include "config/templates.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::csv {

/// A column that an expression of the mapping names, so that its absence can be told before anybody is affected.
struct named_column {
    std::string name;
    config::position where;
};

/// `outcomes:`, the file that results are appended to.
struct outcome_description {
    std::string path;
    std::vector<std::string> columns; ///< of a new file: our own, and what the mapping's `row:` actions give
    char separator = ',';
    bool neutralise_formulas = true; ///< cells that a spreadsheet would calculate are made text
};

/// All that the connector knows of one HR system's exports.
struct description {
    std::string mapping;                         ///< the mapping's name
    std::string files;                           ///< a file or a folder; absolute
    std::string pattern = "*.csv";               ///< of names in the folder, as a shell has it
    std::optional<char> separator;               ///< none: the header line tells it
    std::string encoding;                        ///< empty: UTF-8; a byte order mark goes before it
    std::chrono::seconds quiet{10};              ///< a file that changed less than this ago is still being written
    std::uint64_t limit_bytes = 8 * 1024 * 1024; ///< of a file, and of all that one poll reads
    std::string time_zone; ///< of times that tell none (IANA); empty: such times are refused, dates are in UTC
    std::optional<config::jq_expression> select; ///< of a record; false leaves it out
    config::json_template application;
    std::vector<named_column> columns; ///< that `application:` and `select:` need
    std::optional<outcome_description> outcomes;
};

/// What the connector writes in each row of the outcome file besides the mapping's own columns. The marker is the last
/// one: a row that breaks off has none.
inline constexpr const char* own_columns_before[] = {"application_id", "event", "time"};
inline constexpr const char* marker_column = "marker";
inline constexpr const char* note_column = "note";

/// Reads what the mapping says. Every mistake is a problem; no file is looked at. Expressions are added to the
/// mapping's library, which the caller compiles afterwards.
std::optional<description> read_description(const config::mapping& mapping, config::problems& found);

} // namespace testdome_sync::csv
