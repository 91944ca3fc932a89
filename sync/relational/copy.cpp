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

struct column {
    std::string name;
    bool is_number = false;
};

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

/// One value of a row on its way.
struct cell {
    long long number = 0;
    std::string text;
};

std::int64_t copy_table(const table& of, database& from, database& to)
{
    const auto columns = columns_of(of);
    std::string names, places;
    for (const auto& one : columns) {
        names += (names.empty() ? "" : ", ") + one.name;
        places += (places.empty() ? ":" : ", :") + one.name;
    }
    const auto table_name = std::string(of.name);
    const auto reading = from.prepare("SELECT " + names + " FROM " + table_name);
    const auto writing = to.prepare("INSERT INTO " + table_name + '(' + names + ") VALUES(" + places + ')');
    std::vector<cell> row(columns.size());
    std::int64_t rows = 0;
    for (; reading->step(); ++rows) {
        for (std::size_t at = 0; at < columns.size(); ++at) {
            const int place = static_cast<int>(at);
            if (columns[at].is_number) {
                reading->read(place, row[at].number);
                writing->bind(place, row[at].number);
            } else {
                reading->read(place, row[at].text);
                writing->bind(place, row[at].text);
            }
        }
        writing->step();
        writing->reset();
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
