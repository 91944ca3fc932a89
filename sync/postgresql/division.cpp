#include "sync/postgresql/division.hpp"

#include "sync/postgresql/clock.hpp"
#include "sync/relational/times.hpp"

#include <algorithm>
#include <ranges>

namespace testdome_sync::sync::postgresql {
namespace {

/// A name can't hold a line's end: it is a file's, which a person has typed.
std::string lines(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
        text += name + '\n';
    return text;
}

std::vector<std::string> names_in(std::string_view text)
{
    std::vector<std::string> names;
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
        names.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return names;
}

/// What nobody among the machines does is nobody's.
constexpr auto free_parts =
    "UPDATE parts SET machine = 0 WHERE machine <> 0 AND machine NOT IN (SELECT number FROM machines)";

} // namespace

ledger_division read_division(relational::statements& sql)
{
    ledger_division found;
    using machine_row = std::tuple<long long, std::string, long long, long long, long long, std::string>;
    sql.each<machine_row>("SELECT number, name, since, CASE WHEN until_milliseconds > " + now_milliseconds() +
                              " THEN 1 ELSE 0 END, alone, can_do FROM machines ORDER BY number",
                          [&](machine_row& row) {
                              const auto& [number, name, since, is_present, is_alone, can_do] = row;
                              found.machines.push_back({number, name, relational::time_of(since), is_present != 0,
                                                        is_alone != 0, names_in(can_do)});
                          });
    using part_row = std::tuple<std::string, long long, std::string, long long, long long, long long>;
    sql.each<part_row>(
        "SELECT name, machine, machine_name, since, acts, polls FROM parts ORDER BY name", [&](part_row& row) {
            const auto& [name, machine, machine_name, since, acts, polls] = row;
            found.parts.push_back({name, machine, machine_name, relational::time_of(since), acts, polls});
        });
    return found;
}

void write_division(relational::statements& sql, const ledger_division& before, const ledger_division& changed)
{
    for (const auto& machine : changed.machines) {
        const auto known = std::ranges::find(before.machines, machine.number, &ledger_machine::number);
        if (known != before.machines.end() && known->can_do != machine.can_do)
            sql.run("UPDATE machines SET can_do = :parts WHERE number = :number", lines(machine.can_do),
                    machine.number);
    }
    for (const auto& part : changed.parts) {
        auto known = std::ranges::find(before.parts, part.name, &ledger_part::name);
        const auto was = known == before.parts.end() ? ledger_part{} : *known;
        if (known == before.parts.end())
            sql.run("INSERT INTO parts(name, machine, machine_name, since, acts, polls) "
                    "VALUES(:name, 0, '', 0, 0, 0)",
                    part.name);
        if (was.machine != part.machine)
            sql.run("UPDATE parts SET machine = :machine, machine_name = :name, since = CAST(extract(epoch FROM "
                    "clock_timestamp()) AS BIGINT) WHERE name = :part",
                    part.machine, part.machine_name, part.name);
        if (was.acts != part.acts || was.polls != part.polls)
            sql.run("UPDATE parts SET acts = :acts, polls = :polls WHERE name = :part", part.acts, part.polls,
                    part.name);
    }
}

void strike_off_silent(relational::statements& sql)
{
    sql.run("DELETE FROM machines WHERE until_milliseconds <= " + now_milliseconds());
    sql.run(free_parts);
}

void strike_off(relational::statements& sql, std::int64_t machine)
{
    sql.run("DELETE FROM machines WHERE number = :number", machine);
    sql.run(free_parts);
}

} // namespace testdome_sync::sync::postgresql
