#pragma once

#include "sync/sqlite/session.hpp"

#include <concepts>
#include <memory>
#include <stdexcept>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace testdome_sync::sync::sqlite {

// What a statement takes and gives is a row: a 64-bit number, a text, a tuple of them, or a struct for which the same
// function is written beside it. Each calls `bind` with every column in turn.
template <class Bind>
void for_each_column(long long& number, Bind bind)
{
    bind(number);
}
template <class Bind>
void for_each_column(std::string& text, Bind bind)
{
    bind(text);
}
template <class... Columns, class Bind>
void for_each_column(std::tuple<Columns...>& row, Bind bind)
{
    std::apply([&](auto&... column) { (for_each_column(column, bind), ...); }, row);
}

/// Statements of one session, each prepared once and run with ever other values: SQLite takes longer to read most of
/// ours than to carry them out. Must be destroyed before the session. SOCI's errors pass through.
class statements {
public:
    explicit statements(soci::session& sql) : sql_(sql) {}

    /// Runs `text` with `values` for its parameters in their order, and calls `take` with each row of the answer. The
    /// row is valid during the call only; `take` must not run the same text again.
    /// @returns how many rows there were
    template <class Row, class Take, class... Values>
    long each(const std::string& text, Take take, const Values&... values)
    {
        return run<Row>(text, take, std::tuple<stored_as<Values>...>(values...));
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
    template <class Value>
    using stored_as =
        std::conditional_t<std::integral<Value>, long long,
                           std::conditional_t<std::convertible_to<const Value&, std::string_view>, std::string, Value>>;

    struct kept {
        virtual ~kept() = default;
    };

    /// SOCI remembers where values and columns are, so they live as long as the statement.
    template <class Row, class Values>
    struct prepared final : kept {
        prepared(soci::session& sql, const std::string& text) : statement(sql)
        {
            for_each_column(row, [&](auto& column) { statement.exchange(soci::into(column)); });
            for_each_column(values, [&](auto& value) { statement.exchange(soci::use(value)); });
            statement.alloc();
            statement.prepare(text);
            statement.define_and_bind();
        }

        Row row{};
        Values values{};
        soci::statement statement;
    };

    template <class Row, class Take, class Values>
    long run(const std::string& text, Take& take, Values values)
    {
        auto found = all_.find(text);
        if (found == all_.end())
            found = all_.emplace(text, std::make_unique<prepared<Row, Values>>(sql_, text)).first;
        auto* with = dynamic_cast<prepared<Row, Values>*>(found->second.get());
        if (!with)
            throw std::logic_error("one statement, two kinds of values: " + text);
        with->values = std::move(values);
        try {
            long rows = 0;
            // To its end, always: a SELECT that stands half way holds a lock.
            for (bool more = with->statement.execute(true); more; more = with->statement.fetch()) {
                take(with->row);
                ++rows;
            }
            return rows;
        } catch (...) {
            all_.erase(text);
            throw;
        }
    }

    soci::session& sql_;
    std::unordered_map<std::string, std::unique_ptr<kept>> all_;
};

} // namespace testdome_sync::sync::sqlite
