#include "tests/storm/report.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace testdome_sync::testing {
namespace json = boost::json;
namespace {

void add_to(disturbance_counts& sum, const disturbance_counts& more)
{
    std::ranges::transform(sum, more, sum.begin(), std::plus<>{});
}

json::array as_array(const disturbance_counts& counts)
{
    return json::array(counts.begin(), counts.end());
}

disturbance_counts counts_from(const json::value& array)
{
    disturbance_counts counts{};
    for (std::size_t i = 0; i < disturbance_count; ++i)
        counts[i] = array.at(i).as_int64();
    return counts;
}

void print_name(std::ostream& out, const std::string& name)
{
    out << std::left << std::setw(26) << name << std::right;
}

/// A cell that can't be filled is a dash; if one is filled all the same, its number shows.
void print_row(std::ostream& out, const edge& which, const disturbance_counts& counts)
{
    print_name(out, (which.first.empty() ? "(new)" : which.first) + " > " + which.second);
    for (std::size_t i = 0; i < disturbance_count; ++i) {
        out << ' ' << std::setw(7);
        if (counts[i] == 0 && !can_have_seen(which, static_cast<disturbance>(i)))
            out << '-';
        else
            out << counts[i];
    }
    out << '\n';
}

disturbance_counts counts_of(const report& made, const edge& which)
{
    const auto found = made.transitions.find(which);
    return found == made.transitions.end() ? disturbance_counts{} : found->second;
}

} // namespace

void report::add(std::uint64_t seed, const life_outcome& outcome)
{
    ++lives;
    requests += outcome.requests;
    lived += outcome.lived;
    add_to(disturbances, outcome.disturbances);
    for (const auto& [which, counts] : outcome.transitions)
        add_to(transitions[which], counts);
    if (!outcome.complaints.empty())
        failures[seed] = outcome.complaints;
}

void report::add(const report& other)
{
    lives += other.lives;
    requests += other.requests;
    lived += other.lived;
    add_to(disturbances, other.disturbances);
    for (const auto& [which, counts] : other.transitions)
        add_to(transitions[which], counts);
    failures.insert(other.failures.begin(), other.failures.end());
}

int report::uncovered() const
{
    int cells = 0;
    for (const auto& which : required_edges()) {
        const auto counts = counts_of(*this, which);
        for (std::size_t i = 0; i < disturbance_count; ++i)
            cells += counts[i] == 0 && can_have_seen(which, static_cast<disturbance>(i)) ? 1 : 0;
    }
    return cells;
}

json::value to_json(const report& made)
{
    json::array transitions;
    for (const auto& [which, counts] : made.transitions)
        transitions.push_back({which.first, which.second, as_array(counts)});
    json::array failures;
    for (const auto& [seed, complaints] : made.failures)
        failures.push_back({seed, json::value_from(complaints)});
    return {{"lives", made.lives},
            {"requests", made.requests},
            {"lived", made.lived.count()},
            {"disturbances", as_array(made.disturbances)},
            {"transitions", std::move(transitions)},
            {"failures", std::move(failures)}};
}

report report_from(const json::value& value)
{
    report made;
    made.lives = value.at("lives").as_int64();
    made.requests = value.at("requests").as_int64();
    made.lived = std::chrono::seconds{value.at("lived").as_int64()};
    made.disturbances = counts_from(value.at("disturbances"));
    for (const auto& row : value.at("transitions").as_array())
        made.transitions[{json::value_to<std::string>(row.at(0)), json::value_to<std::string>(row.at(1))}] =
            counts_from(row.at(2));
    for (const auto& row : value.at("failures").as_array())
        made.failures[row.at(0).to_number<std::uint64_t>()] = json::value_to<std::vector<std::string>>(row.at(1));
    return made;
}

void print(std::ostream& out, const report& made, double seconds)
{
    const double years = static_cast<double>(made.lived.count()) / (365.25 * 86'400);
    out << std::fixed << std::setprecision(1) << made.lives << " lives of 100 applicants in " << seconds << " s ("
        << static_cast<double>(made.lives) / seconds << " a second): " << years << " virtual years, " << made.requests
        << " requests\n\n";
    out << std::string(26, ' ');
    for (std::size_t i = 0; i < disturbance_count; ++i)
        out << ' ' << std::setw(7) << to_text(static_cast<disturbance>(i));
    out << '\n';
    print_name(out, "injected");
    for (const auto count : made.disturbances)
        out << ' ' << std::setw(7) << count;
    out << '\n';
    out << "\ntransitions that had seen it since the one before:\n";
    for (const auto& which : required_edges())
        print_row(out, which, counts_of(made, which));
    if (const int cells = made.uncovered())
        out << "\n" << cells << " cells are empty: more seeds fill them\n";
}

} // namespace testdome_sync::testing
