#include "connectors/csv/rows.hpp"

#include <algorithm>
#include <array>
#include <csv.h>
#include <iterator>
#include <new>
#include <utility>

namespace testdome_sync::csv {
namespace {

/// libcsv, fed line by line until a row is whole.
class parser {
public:
    explicit parser(char separator)
    {
        // The last field of a row without a line end must be closed, too; blanks belong to fields (RFC 4180, 2.4).
        if (csv_init(&state_, CSV_STRICT | CSV_STRICT_FINI) != 0)
            throw std::bad_alloc();
        csv_set_delim(&state_, static_cast<unsigned char>(separator));
        csv_set_space_func(&state_, [](unsigned char) { return 0; });
    }
    ~parser() { csv_free(&state_); }
    parser(const parser&) = delete;
    parser& operator=(const parser&) = delete;

    enum class progress { row_ended, goes_on, failed };

    progress feed(std::string_view line)
    {
        ended_in_this_line_ = 0;
        const auto read = csv_parse(&state_, line.data(), line.size(), take_field, take_row, this);
        if (read == line.size())
            return whole_ ? progress::row_ended : progress::goes_on;
        if (csv_error(&state_) == CSV_ENOMEM)
            throw std::bad_alloc();
        return progress::failed;
    }

    /// The text ends here. False if that leaves a quote open.
    bool finish() { return csv_fini(&state_, take_field, take_row, this) == 0; }

    /// After a failure: whether the field that it stands in began within quotes on an earlier line.
    bool began_before_this_line() const { return state_.quoted != 0 && ended_in_this_line_ == 0; }

    std::vector<std::string> fields;

private:
    static void take_field(void* text, std::size_t size, void* self)
    {
        auto& to = *static_cast<parser*>(self);
        to.fields.emplace_back(static_cast<const char*>(text), size);
        ++to.ended_in_this_line_;
    }
    static void take_row(int, void* self) { static_cast<parser*>(self)->whole_ = true; }

    csv_parser state_{};
    std::size_t ended_in_this_line_ = 0;
    bool whole_ = false;
};

bool is_blank(std::string_view line)
{
    return line.find_first_not_of("\r\n") == std::string_view::npos;
}

} // namespace

std::optional<line_reader::line> line_reader::read()
{
    std::size_t looked_at = begin_;
    for (;;) {
        const auto end = buffer_.find_first_of("\r\n", looked_at);
        const bool may_go_on = end != std::string::npos && buffer_[end] == '\r' && end + 1 == buffer_.size();
        if (end != std::string::npos && (!may_go_on || at_end_)) {
            const auto length = buffer_.compare(end, 2, "\r\n") == 0 ? 2U : 1U;
            line made{buffer_.substr(begin_, end + length - begin_), ++count_};
            begin_ = end + length;
            return made;
        }
        if (at_end_) {
            line rest{buffer_.substr(begin_), count_ + 1};
            begin_ = buffer_.size();
            if (rest.text.empty())
                return std::nullopt;
            ++count_;
            return rest;
        }
        buffer_.erase(0, begin_);
        begin_ = 0;
        looked_at = may_go_on ? buffer_.size() - 1 : buffer_.size();
        std::array<char, 16 * 1024> more; // NOLINT(*-member-init): written before it is read
        const auto size = source_(more.data(), more.size());
        buffer_.append(more.data(), size);
        at_end_ = size == 0;
    }
}

std::optional<line_reader::line> line_reader::next()
{
    if (put_back_.empty())
        return read();
    auto first = std::move(put_back_.front());
    put_back_.pop_front();
    return first;
}

void line_reader::put_back(std::vector<line> lines)
{
    put_back_.insert(put_back_.begin(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

const line_reader::line* line_reader::peek()
{
    if (put_back_.empty())
        if (auto first = read())
            put_back_.push_back(std::move(*first));
    return put_back_.empty() ? nullptr : &put_back_.front();
}

std::optional<row> row_reader::next()
{
    parser parsed(separator_);
    row made;
    std::vector<line_reader::line> taken; // what may have to come again
    std::uint64_t bytes = 0;
    const auto ended = [&](std::string problem) {
        made.problem = bytes > row_limit_bytes ? "the row is longer than 1 MiB" : std::move(problem);
        if (made.problem.empty())
            made.fields = std::move(parsed.fields);
        return std::move(made);
    };
    while (auto line = lines_.next()) {
        if (made.line == 0 && is_blank(line->text)) {
            whole_bytes_ += line->text.size();
            continue;
        }
        made.line = made.line == 0 ? line->number : made.line;
        bytes += line->text.size();
        made.is_ended = line->has_end();
        const auto progress = parsed.feed(line->text);
        if (bytes > row_limit_bytes)
            taken.clear();
        else
            taken.push_back(std::move(*line));
        if (progress == parser::progress::row_ended) {
            whole_bytes_ += bytes;
            return ended({});
        }
        if (progress == parser::progress::failed) {
            const bool opened_by_mistake = parsed.began_before_this_line() && taken.size() > 1;
            if (opened_by_mistake) {
                bytes = taken.front().text.size();
                taken.erase(taken.begin());
                lines_.put_back(std::move(taken));
                made.is_ended = true;
            }
            whole_bytes_ += made.is_ended ? bytes : 0;
            return ended(opened_by_mistake ? "a quote opens here that isn't closed as CSV has it"
                                           : "a quote stands within a field; CSV doubles it and puts quotes around");
        }
    }
    if (made.line == 0)
        return std::nullopt;
    if (!parsed.finish()) {
        unclosed_quote_ = made.line;
        return std::nullopt;
    }
    return ended({});
}

char separator_of(std::string_view header_line)
{
    constexpr std::string_view candidates = ",;\t";
    std::array<std::size_t, candidates.size()> counts{};
    bool quoted = false;
    for (const char c : header_line) {
        if (c == '"')
            quoted = !quoted;
        else if (const auto which = candidates.find(c); which != std::string_view::npos && !quoted)
            ++counts.at(which);
    }
    return candidates[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

std::string row_text(const std::vector<std::string>& fields, char separator)
{
    std::string text;
    for (const auto& field : fields) {
        if (&field != &fields.front())
            text += separator;
        const auto begin = text.size();
        text.resize(begin + csv_write(nullptr, 0, field.data(), field.size()));
        csv_write(text.data() + begin, text.size() - begin, field.data(), field.size());
    }
    return text + "\r\n";
}

} // namespace testdome_sync::csv
