#pragma once

#include "sync/relational/statement.hpp"

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace testdome_sync::sync::relational {

// What a statement takes and gives is a row: a 64-bit number, a text, a tuple of them, or a struct for which the same
// function is written beside it. Each calls `bind` with every column in turn.
template <std::integral Number, class Bind>
void for_each_column(Number& number, Bind bind)
{
    bind(number);
}
template <class Bind>
void for_each_column(std::string& text, Bind bind)
{
    bind(text);
}
template <class Bind>
void for_each_column(std::string_view text, Bind bind)
{
    bind(text);
}
template <class... Columns, class Bind>
void for_each_column(std::tuple<Columns...>& row, Bind bind)
{
    std::apply([&](auto&... column) { (for_each_column(column, bind), ...); }, row);
}

/// Statements of one database, each prepared once and run with ever other values: SQLite takes longer to read most of
/// ours than to carry them out. Must be destroyed before the database. Its errors pass through.
class statements {
public:
    explicit statements(database& sql) : sql_(sql) {}

    /// Runs `text` with `values` for its parameters in their order, and calls `take` with each row of the answer. The
    /// row is valid during the call only, and may be moved from; `take` must not run the same text again.
    /// @returns how many rows there were
    template <class Row, class Take, class... Values>
    long each(const std::string& text, Take take, const Values&... values)
    {
        const use here{prepared(text)};
        int parameter = 0;
        [[maybe_unused]] const auto bind = [&](const auto& value) {
            if constexpr (std::integral<std::remove_cvref_t<decltype(value)>>)
                here.of.bind(parameter++, static_cast<long long>(value));
            else
                here.of.bind(parameter++, std::string_view(value));
        };
        (for_each_column(values, bind), ...);
        Row row{};
        long rows = 0;
        // To its end, always: a SELECT that stands half way holds a lock.
        for (; here.of.step(); ++rows) {
            int column = 0;
            for_each_column(row, [&](auto& into) { here.of.read(column++, into); });
            take(row);
        }
        return rows;
    }

    /// The only row of the answer, or the row as it is made if there is none.
    template <class Row, class... Values>
    Row one(const std::string& text, const Values&... values)
    {
        Row found{};
        each<Row>(
            text, [&](Row& row) { found = std::move(row); }, values...);
        return found;
    }

    /// For a statement that answers nothing.
    template <class... Values>
    void run(const std::string& text, const Values&... values)
    {
        each<std::tuple<>>(
            text, [](auto&) {}, values...);
    }

private:
    /// Leaves the statement as it was found, whatever is thrown.
    struct use {
        ~use() { of.reset(); }
        statement& of;
    };

    statement& prepared(const std::string& text)
    {
        const auto known = all_.find(text);
        return known != all_.end() ? *known->second : *all_.try_emplace(text, sql_.prepare(text)).first->second;
    }

    database& sql_;
    std::unordered_map<std::string, std::unique_ptr<statement>> all_;
};

} // namespace testdome_sync::sync::relational
