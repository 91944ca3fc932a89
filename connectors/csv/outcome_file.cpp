#include "connectors/csv/outcome_file.hpp"

#include "connectors/csv/columns.hpp"
#include "connectors/csv/rows.hpp"
#include "sync/events.hpp"
#include "sync/sync_to_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace testdome_sync::csv {
namespace {

using sync::errc;

constexpr const char* line_end = "\r\n"; // RFC 4180, 2.1
constexpr std::uint64_t file_limit_bytes = 64 * 1024 * 1024;

/// A new file's name must survive a power cut as its content does.
bool sync_folder_of(const std::string& path)
{
    const auto problem = sync::sync_to_disk(folder_of(path));
    return !problem || problem == std::errc::permission_denied; // a folder that may be written to, and not read
}

/// Whether what a file ends with is a part of a row of ours that a power cut has left: one line with quotes around
/// every field. What was not written yet may be zeros.
bool is_torn_row(std::string rest)
{
    rest.erase(rest.find_last_not_of('\0') + 1);
    return rest.empty() || (rest.starts_with('"') && rest.find_first_of("\r\n") == std::string::npos);
}

ssize_t write_once(int descriptor, const std::string& text)
{
    for (;;) {
        const auto written = ::write(descriptor, text.data(), text.size());
        if (written >= 0 || errno != EINTR)
            return written;
    }
}

/// What a file holds from `offset` on, up to the length of the longest row.
std::string rest_from(const file& opened, std::uint64_t offset)
{
    std::string rest(row_reader::row_limit_bytes, '\0');
    const auto size = ::pread(opened.descriptor(), rest.data(), rest.size(), static_cast<off_t>(offset));
    if (size < 0)
        throw std::system_error(errno, std::generic_category(), opened.path());
    rest.resize(static_cast<std::size_t>(size));
    return rest;
}

} // namespace

std::string without_formula(std::string text)
{
    constexpr std::string_view dangerous = "=+-@\t\r\n";
    if (!text.empty() && dangerous.find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    return text;
}

sync::result<sync::write_outcome> outcome_file::append(const outcome_row& row, bool ask_first,
                                                       const std::function<bool()>& is_too_late)
{
    auto opened = file::open(described_.path, O_RDWR | O_APPEND | O_CREAT, 0640);
    if (!opened)
        return sync::failure{errc::not_sent, opened.error().detail};
    if (::flock(opened->descriptor(), LOCK_EX | LOCK_NB) != 0)
        return sync::failure{errc::not_sent, described_.path + ": another program has locked it"};
    const auto before = opened->state();
    auto there = layout_for(*opened, before, row, ask_first);
    known_stamp_.clear();
    if (!there)
        return there.error();
    if (there->has_marker)
        return sync::write_outcome::already_done;
    if (const auto problem = missing_column(*there))
        return sync::failure{errc::not_sent, described_.path + ": " + *problem};
    if (is_too_late())
        return sync::failure{errc::not_sent, described_.path + ": no row was written, its turn came too late"};
    const bool cut_off = there->whole_bytes < before.size && there->lacking.empty();
    if (cut_off && ::ftruncate(opened->descriptor(), static_cast<off_t>(there->whole_bytes)) != 0)
        return file_failure(described_.path, errno);
    const auto size = cut_off ? there->whole_bytes : before.size;
    auto text = there->lacking;
    if (there->columns.empty()) {
        there->columns = described_.columns;
        there->separator = described_.separator;
        text += row_text(there->columns, there->separator);
    }
    auto written = write(*opened, size, text + text_of(row, *there));
    if (!written)
        return written.error();
    const auto after = opened->state();
    const auto by_name = state_of(described_.path);
    if (!by_name || by_name->stamp != after.stamp)
        return sync::failure{errc::outcome_unknown, described_.path + ": it was moved away while a row was written"};
    known_stamp_ = after.stamp;
    known_ = {there->columns, there->separator, after.size, {}, false};
    return sync::write_outcome::done;
}

sync::result<outcome_file::layout> outcome_file::layout_for(file& opened, const file_state& now, const outcome_row& row,
                                                            bool ask_first) const
{
    if (!ask_first && now.stamp == known_stamp_)
        return known_;
    try {
        return look(opened, now.size, row.back().second);
    } catch (const std::system_error& error) {
        return sync::failure{errc::not_sent, error.what()};
    }
}

sync::result<outcome_file::layout> outcome_file::look(file& opened, std::uint64_t size, const std::string& marker) const
{
    if (size > file_limit_bytes)
        return sync::failure{errc::not_sent, described_.path +
                                                 ": it is larger than 64 MiB; move it away, and a new one "
                                                 "is begun"};
    layout made;
    line_reader lines([&](char* into, std::size_t room) { return opened.read(into, room); });
    const auto* first = lines.peek();
    if (!first)
        return made;
    made.separator = separator_of(first->text);
    row_reader rows(lines, made.separator);
    const auto head = rows.next();
    if (head && head->problem.empty())
        made.columns = header_from(head->fields).columns;
    if (!made.columns.empty() && made.columns.front().starts_with("\xEF\xBB\xBF"))
        made.columns.front().erase(0, 3);
    const bool has_header = head && !made.columns.empty() && (head->is_ended || !missing_column(made));
    if (!has_header) {
        if (!is_torn_header(rest_from(opened, 0)))
            return not_ours("its first line is no header");
        made.columns.clear();
        return made;
    }
    const auto lacks_line_end = look_for(marker, rows, made) || !head->is_ended;
    made.whole_bytes = rows.whole_bytes();
    if (lacks_line_end)
        made.lacking = line_end;
    else if (made.whole_bytes == size && rest_from(opened, size - 1) == "\r")
        made.lacking = "\n";
    else if (made.whole_bytes < size && !is_torn_row(rest_from(opened, made.whole_bytes)))
        return not_ours("its last line isn't a whole row");
    return made;
}

/// Reads all rows. True if the last one is whole, but for its line end.
bool outcome_file::look_for(const std::string& marker, row_reader& rows, layout& into)
{
    const auto place = std::ranges::find(into.columns, marker_column) - into.columns.begin();
    bool lacks_line_end = false;
    while (const auto next = rows.next()) {
        const bool is_whole = next->problem.empty() && next->fields.size() == into.columns.size();
        const auto at = static_cast<std::size_t>(place);
        if (is_whole && at < next->fields.size() && next->fields[at] == marker)
            into.has_marker = true;
        // A row of ours that breaks off before its marker may look whole, too.
        lacks_line_end = !next->is_ended && is_whole && !next->fields.back().empty();
    }
    return lacks_line_end;
}

sync::failure outcome_file::not_ours(const std::string& what) const
{
    return {errc::not_sent,
            described_.path + ": " + what + ", and it is none of ours; repair it, or move the file away"};
}

/// Whether all that a file holds is a part of our header that a power cut has left. What was not written yet may be
/// zeros.
bool outcome_file::is_torn_header(std::string content) const
{
    content.erase(content.find_last_not_of('\0') + 1);
    return row_text(described_.columns, described_.separator).starts_with(content);
}

/// One call for the whole row: whoever reads at the same time sees all of it or nothing. What doesn't fit is taken
/// back.
sync::result<void> outcome_file::write(const file& opened, std::uint64_t size, const std::string& text) const
{
    const auto written = write_once(opened.descriptor(), text);
    auto error = written < 0 ? errno : ENOSPC;
    const bool is_written = written == static_cast<ssize_t>(text.size());
    if (is_written && ::fsync(opened.descriptor()) == 0 && (size > 0 || sync_folder_of(described_.path)))
        return {};
    if (is_written)
        error = errno;
    auto failed = file_failure(described_.path, error);
    if (::ftruncate(opened.descriptor(), static_cast<off_t>(size)) != 0 && is_written)
        failed.code = errc::outcome_unknown;
    return failed;
}

std::string outcome_file::text_of(const outcome_row& row, const layout& into) const
{
    std::vector<std::string> fields;
    for (const auto& column : into.columns) {
        const auto cell = std::ranges::find(row, column, &outcome_row::value_type::first);
        fields.push_back(cell == row.end() ? "" : cell->second);
    }
    return row_text(fields, into.separator);
}

std::optional<std::string> outcome_file::missing_column(const layout& there) const
{
    if (there.columns.empty())
        return std::nullopt;
    for (const auto& column : described_.columns)
        if (std::ranges::count(there.columns, column) != 1)
            return "its header has no column \"" + sync::printable(column) +
                   "\" (or two); move the file away, and a new one is begun with the columns of the mapping as it is "
                   "now";
    return std::nullopt;
}

std::optional<std::string> outcome_file::problem() const
{
    const auto there = state_of(described_.path);
    if (!there && ::access(described_.path.c_str(), F_OK) == 0)
        return there.error().detail;
    const auto written = there ? described_.path : folder_of(described_.path);
    if (::access(written.c_str(), there ? W_OK | R_OK : W_OK | X_OK) != 0)
        return file_failure(written, errno).detail;
    if (!there)
        return std::nullopt;
    auto opened = file::open(described_.path, O_RDONLY);
    if (!opened)
        return opened.error().detail;
    try {
        const auto held = look(*opened, there->size, {});
        if (!held)
            return held.error().detail;
        if (const auto missing = missing_column(*held))
            return described_.path + ": " + *missing;
    } catch (const std::system_error& error) {
        return std::string(error.what());
    }
    return std::nullopt;
}

} // namespace testdome_sync::csv
