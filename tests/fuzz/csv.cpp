#include "connectors/csv/columns.hpp"
#include "connectors/csv/decoder.hpp"
#include "connectors/csv/outcome_file.hpp"
#include "connectors/csv/rows.hpp"
#include "tests/fuzz/promises.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <stdlib.h>

// The first line is `rows` and an encoding (or none), or `outcomes`; the rest is an export, or a file that outcomes are
// to be appended to. In it, `\0` and `\xHH` stand for bytes, so that a seed stays text that a person can read.

namespace {

using namespace testdome_sync;
using fuzzing::promise;

int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string bytes_in(std::string_view text)
{
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool hexadecimal =
            text.substr(i, 2) == "\\x" && i + 3 < text.size() && digit(text[i + 2]) >= 0 && digit(text[i + 3]) >= 0;
        if (hexadecimal) {
            bytes += static_cast<char>(digit(text[i + 2]) * 16 + digit(text[i + 3]));
            i += 3;
        } else if (text.substr(i, 2) == "\\0") {
            bytes += '\0';
            ++i;
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

csv::byte_source pieces(std::string_view text, std::size_t size)
{
    return [text, size](char* into, std::size_t room) mutable {
        const auto count = std::min({size, room, text.size()});
        std::copy_n(text.data(), count, into);
        text.remove_prefix(count);
        return count;
    };
}

std::string decoded(std::string_view bytes, const std::string& encoding, std::size_t piece)
{
    csv::decoder text(pieces(bytes, piece), encoding);
    std::string all;
    char part[61];
    while (const auto size = text.read(part, sizeof part))
        all.append(part, size);
    return all;
}

struct whole_reading {
    std::vector<csv::row> rows;
    std::optional<long> unclosed_quote;
    std::uint64_t whole_bytes = 0;
};

whole_reading rows_of(std::string_view text, std::size_t piece)
{
    csv::line_reader lines(pieces(text, piece));
    const auto* first = lines.peek();
    csv::row_reader rows(lines, csv::separator_of(first ? first->text : ""));
    whole_reading made;
    while (auto row = rows.next())
        made.rows.push_back(std::move(*row));
    made.unclosed_quote = rows.unclosed_quote();
    made.whole_bytes = rows.whole_bytes();
    return made;
}

bool same(const csv::row& one, const csv::row& other)
{
    return one.fields == other.fields && one.line == other.line && one.problem == other.problem &&
           one.is_ended == other.is_ended;
}

void check_rows(std::string_view bytes, const std::string& encoding)
{
    const auto text = decoded(bytes, encoding, 16 * 1024);
    promise(text == decoded(bytes, encoding, 3), "it doesn't matter how a file is cut into pieces");
    const auto read = rows_of(text, 16 * 1024);
    const auto again = rows_of(text, 1);
    promise(read.rows.size() == again.rows.size() &&
                std::equal(read.rows.begin(), read.rows.end(), again.rows.begin(), same) &&
                read.unclosed_quote == again.unclosed_quote && read.whole_bytes == again.whole_bytes,
            "it doesn't matter how a text is cut into pieces", text);
    promise(read.whole_bytes <= text.size(), "whole rows are within the text", text);
    long line = 0;
    std::string written;
    for (const auto& row : read.rows) {
        promise(row.line > line, "each row begins on a line of its own, in order", text);
        line = row.line;
        promise(row.problem.empty() ? !row.fields.empty() : row.fields.empty(), "a row is read, or told", text);
        for (const auto& field : row.fields)
            if (!csv::holds_garbage(field)) {
                boost::json::object cells;
                cells.emplace("cell", field);
                fuzzing::check_storable(cells);
            }
        if (row.problem.empty())
            written += csv::row_text(row.fields, ',');
    }
    csv::line_reader lines(pieces(written, 7));
    csv::row_reader rows(lines, ',');
    for (const auto& row : read.rows)
        if (row.problem.empty()) {
            const auto back = rows.next();
            promise(back && back->fields == row.fields, "what is written is read again", written);
        }
    promise(!rows.next() && !rows.unclosed_quote(), "nothing else is read again", written);
    if (!read.rows.empty())
        csv::header_from(read.rows.front().fields).problem_with({{"ID", {std::make_shared<config::source>()}}});
}

std::string content(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

csv::outcome_row row_with(const std::string& marker)
{
    return {{"application_id", "1"}, {"event", "completed"}, {"time", "now"}, {"score", "8\"7"}, {"marker", marker}};
}

void check_outcomes(const std::string& before)
{
    static const auto path =
        (std::filesystem::temp_directory_path() / ("testdome-sync-fuzz-" + std::to_string(::getpid()) + ".csv"))
            .string();
    std::ofstream(path, std::ios::binary) << before;
    csv::outcome_file file({path, {"application_id", "event", "time", "score", "marker"}});
    const auto in_time = [] { return false; };
    const auto answer = file.append(row_with("td-new"), true, in_time);
    const auto after = content(path);
    if (!answer) {
        promise(answer.error().code == sync::errc::not_sent, "nothing is in doubt", answer.error().detail);
        promise(after == before, "what can't be appended to stays as it is", before);
    } else if (*answer == sync::write_outcome::already_done) {
        promise(before.find("td-new") != std::string::npos, "what is found is there", before);
        promise(after == before, "what is there already is not written", before);
    } else {
        const auto kept = static_cast<std::size_t>(
            std::mismatch(before.begin(), before.end(), after.begin(), after.end()).first - before.begin());
        const auto taken = before.substr(kept);
        promise(taken.find_first_of("\r\n") == std::string::npos, "at most one row that breaks off is taken away",
                before);
        csv::outcome_file another({path, {"application_id", "event", "time", "score", "marker"}});
        const auto found = another.append(row_with("td-new"), true, in_time);
        promise(found && *found == sync::write_outcome::already_done, "what was written is found", after);
        const auto next = file.append(row_with("td-next"), false, in_time);
        promise(next && *next == sync::write_outcome::done, "the next row is written", after);
        promise(content(path).starts_with(after), "and nothing else changes", after);
    }
    std::filesystem::remove(path);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto input = fuzzing::text_of(data, size);
    const auto end = std::min(input.find('\n'), input.size());
    const auto task = input.substr(0, end);
    const auto bytes = bytes_in(input.substr(std::min(end + 1, input.size())));
    if (task == "outcomes") {
        check_outcomes(bytes);
        return 0;
    }
    auto encoding = std::string(task.substr(std::min(task.find(' ') + 1, task.size())));
    if (encoding == task || !csv::is_known_encoding(encoding))
        encoding.clear();
    check_rows(bytes, encoding);
    return 0;
}
