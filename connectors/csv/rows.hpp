#pragma once

#include "connectors/csv/decoder.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::csv {

/// A text's lines, with their line ends (CRLF, LF, or CR alone). The text's size is the caller's business.
class line_reader {
public:
    struct line {
        std::string text;
        long number = 0; ///< from 1
        bool has_end() const { return text.ends_with('\n') || text.ends_with('\r'); }
    };

    explicit line_reader(byte_source source) : source_(std::move(source)) {}

    std::optional<line> next();
    /// Puts lines back, so that they come again.
    void put_back(std::vector<line> lines);
    /// The next line, which stays the next one.
    const line* peek();

private:
    std::optional<line> read();

    byte_source source_;
    std::string buffer_;
    std::size_t begin_ = 0; ///< of what was not given yet
    bool at_end_ = false;
    long count_ = 0;
    std::deque<line> put_back_;
};

/// One row as it stands in the text.
struct row {
    std::vector<std::string> fields;
    long line = 0;        ///< where it begins
    std::string problem;  ///< why it can't be used, without what it holds; empty if it can
    bool is_ended = true; ///< by a line end; false for what the text breaks off with
};

/// Reads rows by RFC 4180. A row that can't be understood is a problem of its own and the next one begins after it;
/// where a quote was opened by mistake, "after it" is the next line, and not the line with the next quote.
class row_reader {
public:
    row_reader(line_reader& lines, char separator) : lines_(lines), separator_(separator) {}

    /// Nothing at the end. Empty lines are passed over.
    std::optional<row> next();

    /// Once the end is reached: the line in which a quote opens that is never closed.
    std::optional<long> unclosed_quote() const { return unclosed_quote_; }
    /// So many bytes of the text are rows that are whole and ended by a line end.
    std::uint64_t whole_bytes() const { return whole_bytes_; }

    static constexpr std::size_t row_limit_bytes = 1024 * 1024;

private:
    line_reader& lines_;
    char separator_;
    std::optional<long> unclosed_quote_;
    std::uint64_t whole_bytes_ = 0;
};

/// The separator that a header line uses: `,`, `;` or tab, whichever stands there most often outside of quotes.
char separator_of(std::string_view header_line);

/// Fields as one row with a line end, all in quotes: so a row that breaks off never looks like a whole one.
std::string row_text(const std::vector<std::string>& fields, char separator);

} // namespace testdome_sync::csv
