#pragma once

#include "connectors/csv/description.hpp"
#include "connectors/csv/file.hpp"
#include "connectors/csv/rows.hpp"
#include "sync/failure.hpp"
#include "sync/hr_connector.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::csv {

/// One outcome: columns and their texts, the marker last. No text has a line break.
using outcome_row = std::vector<std::pair<std::string, std::string>>;

/// The file that outcomes are appended to, one whole row at a time. Somebody else may read it, move it away or remove
/// it at any time, and a power cut may leave half a row. Calls block; one thread at a time.
class outcome_file {
public:
    explicit outcome_file(outcome_description described) : described_(std::move(described)) {}

    /// Appends the row and waits until it is on the disk. With `ask_first` the file is searched for the row's marker
    /// before. `is_too_late` is asked last of all: then nothing is written any more. Failures: `not_sent` (what to do
    /// is told), or `outcome_unknown` if the file was moved away meanwhile: whoever has it may have read it before the
    /// row was there.
    sync::result<sync::write_outcome> append(const outcome_row& row, bool ask_first,
                                             const std::function<bool()>& is_too_late);

    /// What will stand in the way of a row; nothing if all is well.
    std::optional<std::string> problem() const;

private:
    /// What the file holds now.
    struct layout {
        std::vector<std::string> columns; ///< empty: it has no header yet
        char separator = ',';
        std::uint64_t whole_bytes = 0; ///< what comes after is a row that a power cut has left
        std::string lacking;           ///< the last row's line end or its second half; the row itself is whole
        bool has_marker = false;
    };
    /// `marker`: the one to look for.
    sync::result<layout> look(file& opened, std::uint64_t size, const std::string& marker) const;
    sync::result<layout> layout_for(file& opened, const file_state& now, const outcome_row& row, bool ask_first) const;
    sync::result<void> write(const file& opened, std::uint64_t size, const std::string& text) const;
    static bool look_for(const std::string& marker, row_reader& rows, layout& into);
    bool is_torn_header(std::string content) const;
    sync::failure not_ours(const std::string& what) const;
    std::string text_of(const outcome_row& row, const layout& into) const;
    std::optional<std::string> missing_column(const layout& there) const;

    outcome_description described_;
    std::string known_stamp_; ///< of the file after our last row: so nobody else has written since
    layout known_;
};

/// `text` so that a spreadsheet shows it and doesn't calculate it.
/// Source: OWASP, "CSV Injection": a single quote goes before a cell that begins with = + - @, tab, or a line end.
std::string without_formula(std::string text);

} // namespace testdome_sync::csv
