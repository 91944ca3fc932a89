#include "sync/relational/copy.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace testdome_sync::sync::relational {
namespace {

constexpr std::array<table, 9> all{{
    {"mappings",
     "name started_at# read_until# cursor rules_fingerprint last_poll# next_poll# last_error last_count# paused# "
     "last_success# nothing_since# broken# broken_since#",
     false},
    {"applications", "mapping id email document fingerprint decision reason first_seen# last_seen#", false},
    {"assessments",
     "id# mapping application_id test_key rule test_reference test_id# test_name email state cause reason "
     "candidate_id# "
     "newest_before# approved# send_alone# cancel_wanted# empty_look_ups# revision# result created_at# updated_at# "
     "invited_at# deadline# finished_at# settle_until# look_again_at# checksum#",
     true},
    {"transitions", "id# assessment_id# at# from_state to_state cause correlation_id", true},
    {"write_backs",
     "id# assessment_id# mapping event revision# position# action argument marker state reason attempts# "
     "next_attempt_at# updated_at#",
     true},
    {"facts", "name value", false},
    {"tokens", "name token asked_at# stored_at#", false},
    {"decisions", "id# at# kind assessment_id# subject who why", true},
    {"extensions", "assessment_id# deadline#", false},
}};

std::vector<column> columns_of(const table& of)
{
    std::vector<column> found;
    for (auto rest = of.columns; !rest.empty();) {
        const auto word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        const bool is_number = word.ends_with('#');
        found.push_back({std::string(word.substr(0, word.size() - (is_number ? 1 : 0))), is_number});
    }
    return found;
}

std::string names_of(const std::vector<column>& columns)
{
    std::string names;
    for (const auto& one : columns)
        names += (names.empty() ? "" : ", ") + one.name;
    return names;
}

std::string selection(const table& of, const std::vector<column>& columns)
{
    return "SELECT " + names_of(columns) + " FROM " + std::string(of.name);
}

std::string insertion(const table& of, const std::vector<column>& columns)
{
    std::string places;
    for (const auto& one : columns)
        places += (places.empty() ? ":" : ", :") + one.name;
    return "INSERT INTO " + std::string(of.name) + '(' + names_of(columns) + ") VALUES(" + places + ')';
}

void read_row(const statement& from, const std::vector<column>& columns, std::vector<cell>& row)
{
    for (std::size_t at = 0; at < columns.size(); ++at)
        if (columns[at].is_number)
            from.read(static_cast<int>(at), row[at].number);
        else
            from.read(static_cast<int>(at), row[at].text);
}

void write_row(statement& to, const std::vector<column>& columns, const std::vector<cell>& row)
{
    for (std::size_t at = 0; at < columns.size(); ++at)
        if (columns[at].is_number)
            to.bind(static_cast<int>(at), row[at].number);
        else
            to.bind(static_cast<int>(at), std::string_view(row[at].text));
    to.step();
    to.reset();
}

std::int64_t copy_table(const table& of, database& from, database& to)
{
    const auto columns = columns_of(of);
    const auto reading = from.prepare(selection(of, columns));
    const auto writing = to.prepare(insertion(of, columns));
    std::vector<cell> row(columns.size());
    std::int64_t rows = 0;
    for (; reading->step(); ++rows) {
        read_row(*reading, columns, row);
        write_row(*writing, columns, row);
    }
    return rows;
}

} // namespace

std::span<const table> tables()
{
    return all;
}

std::map<std::string, std::int64_t> copy_tables(database& from, database& to)
{
    std::map<std::string, std::int64_t> rows;
    for (const auto& one : all)
        rows[std::string(one.name)] = copy_table(one, from, to);
    return rows;
}

taken_rows::taken_rows(const table& of, const std::string& condition, database& in)
    : columns_(columns_of(of)), reading_(in.prepare(selection(of, columns_) + " WHERE " + condition)),
      removing_(in.prepare("DELETE FROM " + std::string(of.name) + " WHERE " + condition)),
      writing_(in.prepare(insertion(of, columns_)))
{
}

void taken_rows::take(const std::vector<std::string>& parameters)
{
    for (auto* one : {reading_.get(), removing_.get()})
        for (std::size_t at = 0; at < parameters.size(); ++at)
            one->bind(static_cast<int>(at), std::string_view(parameters[at]));
    while (reading_->step())
        read_row(*reading_, columns_, rows_.emplace_back(columns_.size()));
    removing_->step();
    for (auto* one : {reading_.get(), removing_.get()})
        one->reset();
}

void taken_rows::put_back()
{
    std::ranges::sort(rows_);
    for (const auto& row : rows_)
        write_row(*writing_, columns_, row);
    rows_.clear();
}

std::map<std::string, std::int64_t> count_rows(database& in)
{
    std::map<std::string, std::int64_t> rows;
    for (const auto& one : all) {
        const auto counting = in.prepare("SELECT count(*) FROM " + std::string(one.name));
        long long count = 0;
        if (counting->step())
            counting->read(0, count);
        rows[std::string(one.name)] = count;
    }
    return rows;
}

} // namespace testdome_sync::sync::relational
