#include "connectors/csv/export_file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <stdexcept>
#include <utility>

namespace testdome_sync::csv {
namespace {

/// Of one file; more are counted, but not told one by one.
constexpr std::size_t told_broken_rows = 100;
constexpr std::size_t column_limit = 1000;

} // namespace

export_file::export_file(file_state expected, const description& described)
    : expected_(std::move(expected)), described_(described)
{
}

std::string export_file::place(long line) const
{
    return expected_.path + ':' + std::to_string(line) + ": ";
}

record_batch export_file::read(std::size_t count)
{
    record_batch made;
    try {
        if (!rows_) {
            made.problem = begin();
            made.was_changed = made.problem && file_ && file_->state().stamp != expected_.stamp;
        }
        while (!made.problem && !made.at_end && made.records.size() < count) {
            auto next = rows_->next();
            if (next)
                take(std::move(*next), made);
            else
                made.problem = end(made);
        }
    } catch (const std::runtime_error& error) { // a disk that can't be read, a file that grows
        made.problem = error.what();
    }
    return made;
}

std::optional<std::string> export_file::begin()
{
    auto opened = file::open(expected_.path, O_RDONLY);
    if (!opened)
        return opened.error().detail;
    file_ = std::move(*opened);
    const auto limit = described_.limit_bytes;
    const auto too_large = expected_.path + ": it is larger than " + std::to_string(limit / 1024 / 1024) +
                           " MiB; let the HR system export less at a time, or say limit_mib";
    if (file_->state().stamp != expected_.stamp)
        return expected_.path + ": it was changed just now";
    if (expected_.size > limit)
        return too_large;
    text_.emplace(
        [this, limit, too_large](char* into, std::size_t size) {
            const auto read = file_->read(into, size);
            read_bytes_ += read;
            if (read_bytes_ > limit)
                throw std::runtime_error(too_large);
            return read;
        },
        described_.encoding);
    lines_.emplace([this](char* into, std::size_t size) { return text_->read(into, size); });
    const auto* first = lines_->peek();
    if (!first)
        return expected_.path + ": it is empty: not even a header line";
    rows_.emplace(*lines_, described_.separator.value_or(separator_of(first->text)));
    auto names = rows_->next();
    if (!names)
        return expected_.path + (rows_->unclosed_quote() ? ":1: the header has a quote that is never closed"
                                                         : ": it is empty: not even a header line");
    if (!names->problem.empty())
        return place(names->line) + "the header can't be understood: " + names->problem;
    if (std::ranges::any_of(names->fields, holds_garbage))
        return place(names->line) + "the header is no " + text_->encoding() +
               " text; say in which \"encoding\" the export is";
    if (names->fields.size() > column_limit)
        return place(names->line) + "the header has more than " + std::to_string(column_limit) + " columns";
    header_ = header_from(names->fields);
    if (const auto problem = header_.problem_with(described_.columns))
        return place(names->line) + *problem;
    return std::nullopt;
}

std::optional<std::string> export_file::end(record_batch& into)
{
    into.at_end = true;
    if (file_->state().stamp != expected_.stamp) {
        into.was_changed = true;
        return expected_.path + ": it was changed while it was read";
    }
    if (const auto line = rows_->unclosed_quote())
        return place(*line) + "a quote opens here that is never closed: the export is not complete, or the quote is "
                              "wrong; nothing of this file counts until it is replaced";
    if (broken_ > told_broken_rows)
        into.broken.push_back({expected_.name, expected_.path + ": " + std::to_string(broken_ - told_broken_rows) +
                                                   " more rows can't be understood"});
    return std::nullopt;
}

void export_file::add_broken(long line, const std::string& why, record_batch& into)
{
    if (++broken_ <= told_broken_rows)
        into.broken.push_back({expected_.name + ':' + std::to_string(line), place(line) + why});
}

void export_file::take(row read, record_batch& into)
{
    if (!read.problem.empty())
        return add_broken(read.line, read.problem, into);
    if (std::ranges::all_of(read.fields, &std::string::empty))
        return; // spreadsheets leave such rows behind
    const auto columns = header_.columns.size();
    if (read.fields.size() != columns)
        return add_broken(read.line,
                          "the row has " + std::to_string(read.fields.size()) + " fields, and the header " +
                              std::to_string(columns) + "; a field that holds the separator needs quotes",
                          into);
    if (std::ranges::any_of(read.fields, holds_garbage))
        return add_broken(read.line, "the row holds bytes that are no " + text_->encoding() + " text", into);
    record made;
    made.line = read.line;
    for (std::size_t i = 0; i < columns; ++i)
        if (!header_.columns[i].empty())
            made.cells.emplace(header_.columns[i], read.fields[i]); // of two with one name, the first
    into.records.push_back(std::move(made));
}

} // namespace testdome_sync::csv
