#include "connectors/sql/writer.hpp"

#include "connectors/at_expression.hpp"
#include "connectors/sql/rendering.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <atomic>

namespace testdome_sync::sql {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;
namespace {

/// Rows of a question that an action asks.
constexpr row_limits few;

std::string counted(long long rows)
{
    return std::to_string(rows) + (rows == 1 ? " row" : " rows");
}

/// Until the transaction is about to be committed nothing has happened: whatever became of a question, it can be
/// asked again.
sync::failure before_changing(const work_failure& failed)
{
    return failure_of(failed);
}

} // namespace

/// Statements under way; shared with the worker.
struct action_writer::attempt {
    attempt(std::vector<step> wanted, bool can_be_taken_back) : steps(std::move(wanted)), transaction(can_be_taken_back)
    {
    }

    std::vector<step> steps;
    bool transaction; ///< whether all can be taken back until the commit
    decision committed{};
    std::atomic<std::size_t> carried_out{0};

    void require_go_ahead()
    {
        if (!committed.go_ahead())
            throw database_error(trouble::too_long, "given up before anything was changed");
    }

    /// What went otherwise than expected, with nothing committed; nothing if all is.
    std::optional<sync::failure> run(connection& open)
    {
        if (!transaction)
            require_go_ahead();
        for (const auto& one : steps) {
            const auto rows = open.change(one.change, one.values);
            if (one.expect_rows && rows != *one.expect_rows)
                return unexpected(one, rows);
            ++carried_out;
        }
        if (transaction)
            require_go_ahead();
        open.commit();
        return std::nullopt;
    }

    sync::failure unexpected(const step& of, long long rows) const
    {
        const bool changed = !transaction && (carried_out > 0 || rows > 0);
        const auto code = rows < *of.expect_rows && !changed ? errc::not_found : errc::refused;
        return {code, "the statement at " + of.change.where.text() + " changes " + counted(rows) + " instead of " +
                          std::to_string(*of.expect_rows) + what_is_left(changed)};
    }

    static std::string what_is_left(bool changed)
    {
        return changed ? "; what came before it can't be taken back, as its table has no transactions: look there"
                       : "; nothing was changed";
    }

    /// A table without transactions has kept what the statements before did.
    sync::failure failed(const work_failure& why)
    {
        const bool irrevocable = !committed.give_up();
        auto failure = failure_of(why, irrevocable);
        if (transaction || !irrevocable || carried_out == 0 || failure.code == errc::outcome_unknown)
            return failure;
        if (failure.code != errc::refused)
            failure.code = errc::outcome_unknown;
        failure.detail += what_is_left(true);
        return failure;
    }
};

sync::repeatability action_writer::repeats(const std::string& name) const
{
    const auto action = described_.actions.find(name);
    if (action == described_.actions.end() || action->second.idempotent)
        return sync::repeatability::idempotent;
    return action->second.already ? sync::repeatability::checkable : sync::repeatability::uncertain;
}

std::set<std::string> action_writer::changed_tables() const
{
    std::set<std::string> tables;
    for (const auto& [name, action] : described_.actions)
        for (const auto& one : action.statements)
            if (!one.change.statement.changed_table.empty())
                tables.insert(one.change.statement.changed_table);
    return tables;
}

bool action_writer::can_be_taken_back(const std::vector<step>& steps) const
{
    return described_.database.type != database_type::mariadb || std::ranges::all_of(steps, [&](const step& one) {
               return !one.change.changed_table.empty() && !without_transactions_.contains(one.change.changed_table);
           });
}

asio::awaitable<sync::result<sync::write_outcome>> action_writer::write(sync::write_order order)
{
    const auto called = clock_.now();
    const auto found = described_.actions.find(order.action);
    if (found == described_.actions.end())
        co_return sync::failure{errc::unsupported, "this HR system has no action \"" + order.action + '"'};
    auto document = std::move(order.document);
    document["argument"] = std::move(order.argument);
    document["credentials"] = described_.credentials;
    document["lookup"] = json::object{};

    auto turn = co_await into_.take_turn();
    if (!turn.taken())
        co_return sync::failure{errc::not_sent, "stopped before the database was asked"};
    const auto timeout = described_.database.timeout;
    const auto until = std::min(clock_.now() + timeout, called + 2 * timeout);
    auto begun = co_await begin(until);
    if (!begun)
        co_return begun.error();
    turn.in_transaction = true;
    auto outcome = co_await prepare_and_carry_out(found->second, std::move(document), until);
    turn.in_transaction = !outcome || *outcome != sync::write_outcome::done;
    // One that has answered is as good as before; any other isn't kept, and ends its transaction with itself.
    if (turn.in_transaction && into_.connected()) {
        const bool rolled_back = co_await roll_back(until);
        turn.in_transaction = !rolled_back;
    }
    co_return outcome;
}

asio::awaitable<sync::result<void>> action_writer::begin(sync::monotonic_time until)
{
    using found = std::set<std::string>;
    const bool was_open = into_.connected();
    std::function<found(connection&)> work = [tables = changed_tables()](connection& open) {
        auto without = open.without_transactions(tables);
        open.begin(access::write);
        return without;
    };
    auto begun = co_await into_.run<found>(work, until);
    // A connection that was kept may have been closed by the server long ago.
    if (!begun && begun.error().kind == trouble::lost && was_open)
        begun = co_await into_.run<found>(work, until);
    if (!begun)
        co_return before_changing(begun.error());
    without_transactions_ = std::move(*begun);
    co_return sync::result<void>{};
}

asio::awaitable<bool> action_writer::roll_back(sync::monotonic_time until)
{
    std::function<bool(connection&)> work = [](connection& open) {
        open.rollback();
        return true;
    };
    const auto done = co_await into_.run<bool>(std::move(work), until);
    co_return done.has_value();
}

asio::awaitable<sync::result<connection::records>>
action_writer::ask(const statement_description& query, const json::object& document, sync::monotonic_time until)
{
    auto values = rendered(query, document);
    if (!values)
        co_return values.error();
    std::function<connection::records(connection&)> work = [wanted = query.statement,
                                                            values = std::move(*values)](connection& open) {
        return open.query(wanted, values, few);
    };
    auto rows = co_await into_.run<connection::records>(std::move(work), until);
    if (!rows)
        co_return before_changing(rows.error());
    co_return std::move(*rows);
}

asio::awaitable<sync::result<void>> action_writer::look_up(const action_description& action, json::object& document,
                                                           sync::monotonic_time until)
{
    for (const auto& wanted : action.lookups) {
        auto rows = co_await ask(wanted.query, document, until);
        if (!rows)
            co_return rows.error();
        if (rows->empty() && !wanted.missing.empty())
            co_return sync::failure{errc::not_found, wanted.missing};
        document["lookup"].as_object()[wanted.name] = rows->empty() ? json::value(nullptr) : json::value(rows->front());
    }
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<bool>> action_writer::is_there_already(const already_description& already,
                                                                    json::object& document, sync::monotonic_time until)
{
    connection::records rows;
    if (already.query) {
        auto found = co_await ask(*already.query, document, until);
        if (!found)
            co_return found.error();
        rows = std::move(*found);
    }
    if (!already.when)
        co_return says_yes(rows);
    document["rows"] = json::array(rows.begin(), rows.end());
    const auto said = already.when->test(document);
    document.erase("rows");
    if (!said)
        co_return connectors::at_expression(errc::refused, *already.when, said.error());
    co_return *said;
}

asio::awaitable<sync::result<sync::write_outcome>>
action_writer::prepare_and_carry_out(const action_description& action, json::object document,
                                     sync::monotonic_time until)
{
    auto known = co_await look_up(action, document, until);
    if (!known)
        co_return known.error();
    if (action.already) {
        auto there = co_await is_there_already(*action.already, document, until);
        if (!there)
            co_return there.error();
        if (*there)
            co_return sync::write_outcome::already_done;
    }
    std::vector<step> steps;
    for (const auto& one : action.statements) {
        auto values = rendered(one.change, document);
        if (!values)
            co_return values.error();
        steps.push_back({one.change.statement, std::move(*values), one.expect_rows});
    }
    co_return co_await carry_out(std::move(steps), until);
}

asio::awaitable<sync::result<sync::write_outcome>> action_writer::carry_out(std::vector<step> steps,
                                                                            sync::monotonic_time until)
{
    using unexpected = std::optional<sync::failure>;
    const bool transaction = can_be_taken_back(steps);
    auto shared = std::make_shared<attempt>(std::move(steps), transaction);
    std::function<unexpected(connection&)> work = [shared](connection& open) { return shared->run(open); };
    auto done = co_await into_.run<unexpected>(std::move(work), until);
    if (!done)
        co_return shared->failed(done.error());
    if (*done)
        co_return std::move(**done);
    co_return sync::write_outcome::done;
}

} // namespace testdome_sync::sql
