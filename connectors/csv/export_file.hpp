#pragma once

#include "connectors/csv/columns.hpp"
#include "connectors/csv/description.hpp"
#include "connectors/csv/file.hpp"
#include "connectors/csv/rows.hpp"
#include "sync/hr_connector.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::csv {

/// One row with its header: column → text.
struct record {
    boost::json::object cells;
    long line = 0;
};

/// A part of an export.
struct record_batch {
    std::vector<record> records;
    std::vector<sync::broken_record> broken; ///< rows that can't be understood, each by FILE:LINE
    bool at_end = false;
    /// Why nothing of this file counts, what was read before included. It begins with PATH.
    std::optional<std::string> problem;
    bool was_changed = false; ///< while it was read: with `problem`, and nothing to worry about
};

/// Reads one export, part by part. Calls block; one thread at a time. `described` outlives it; no expression is used.
class export_file {
public:
    export_file(file_state expected, const description& described);

    /// At most so many records. After a problem, or the end, nothing more may be asked for.
    record_batch read(std::size_t count);
    /// The columns, as far as anything was read.
    const header& columns() const { return header_; }

private:
    std::optional<std::string> begin();
    std::optional<std::string> end(record_batch& into);
    void take(row read, record_batch& into);
    void add_broken(long line, const std::string& why, record_batch& into);
    std::string place(long line) const;

    file_state expected_;
    const description& described_;
    std::optional<file> file_;
    std::uint64_t read_bytes_ = 0;
    std::optional<decoder> text_;
    std::optional<line_reader> lines_;
    std::optional<row_reader> rows_;
    header header_;
    std::size_t broken_ = 0;
};

} // namespace testdome_sync::csv
