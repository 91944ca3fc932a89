#include "connectors/sql/checker.hpp"

#include "connectors/rest/request_template.hpp"
#include "connectors/sql/rendering.hpp"

#include <algorithm>

namespace testdome_sync::sql {
namespace asio = boost::asio;
namespace json = boost::json;
namespace {

/// All statements that a mapping's actions hold.
std::vector<statement> statements_of(const description& described)
{
    std::vector<statement> all;
    for (const auto& [name, action] : described.actions) {
        for (const auto& one : action.lookups)
            all.push_back(one.query.statement);
        if (action.already && action.already->query)
            all.push_back(action.already->query->statement);
        for (const auto& one : action.statements)
            all.push_back(one.change.statement);
    }
    return all;
}

struct examined {
    std::vector<std::string> complaints;
    std::set<std::string> without_transactions;
};

examined examine(connection& open, const std::vector<statement>& all, const std::set<std::string>& tables)
{
    examined made;
    for (const auto& one : all) {
        try {
            open.require_valid(one);
        } catch (const database_error& error) {
            if (error.kind == trouble::lost || error.kind == trouble::unreachable)
                throw;
            made.complaints.emplace_back(error.what());
        }
    }
    made.without_transactions = open.without_transactions(tables);
    return made;
}

} // namespace

asio::awaitable<sync::result<std::vector<std::string>>> checker::check(std::set<std::string> changed_tables)
{
    findings found;
    auto done = co_await sign_in();
    if (done)
        done = co_await try_list(found);
    if (done)
        done = co_await try_statements(std::move(changed_tables), found);
    if (done)
        done = co_await compare_names(found);
    if (!done)
        co_return done.error();
    co_return found;
}

asio::awaitable<sync::result<void>> checker::sign_in()
{
    statement wanted;
    wanted.text = "SELECT 1";
    parameters values;
    if (described_.check) {
        auto made = rendered(*described_.check, {{"credentials", described_.credentials}});
        if (!made)
            co_return made.error();
        wanted = described_.check->statement;
        values = std::move(*made);
    }
    auto rows = co_await reader_.rows_of(std::move(wanted), std::move(values), described_.list.limits);
    if (!rows)
        co_return failure_of(rows.error());
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> checker::try_list(findings& into)
{
    sync::poll_request request{clock_.wall(), nullptr};
    auto read = co_await reader_.read(std::move(request));
    if (!read)
        into.push_back(described_.mapping + ": " + read.error().detail);
    else
        for (const auto& one : read->broken)
            into.push_back(described_.mapping + ": a row can't be understood: " + one.reason);
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<void>> checker::try_statements(std::set<std::string> changed_tables, findings& into)
{
    auto turn = co_await of_.take_turn();
    if (!turn.taken())
        co_return sync::failure{sync::errc::not_sent, "stopped before the database was asked"};
    std::function<examined(connection&)> work = [all = statements_of(described_), tables = std::move(changed_tables)](
                                                    connection& open) { return examine(open, all, tables); };
    auto done = co_await of_.run<examined>(std::move(work), clock_.now() + described_.database.timeout);
    if (!done)
        co_return failure_of(done.error());
    std::ranges::move(done->complaints, std::back_inserter(into));
    tell_unsafe_actions(done->without_transactions, into);
    co_return sync::result<void>{};
}

void checker::tell_unsafe_actions(const std::set<std::string>& without_transactions, findings& into) const
{
    for (const auto& [name, action] : described_.actions) {
        if (action.idempotent || action.already)
            continue;
        for (const auto& one : action.statements)
            if (without_transactions.contains(one.change.statement.changed_table))
                into.push_back(one.change.statement.where.text() + ": the table " + one.change.statement.changed_table +
                               " has no transactions (MyISAM?) or can't be seen, so action \"" + name +
                               "\" may be carried out in part; give it \"already\", or \"idempotent: true\" if "
                               "repeating it does no harm");
    }
}

const statement_description* checker::known_for(const rest::used_name& used) const
{
    if (used.action.empty())
        return described_.stage_names ? &*described_.stage_names : nullptr;
    const auto action = described_.actions.find(used.action);
    return action != described_.actions.end() && action->second.known ? &*action->second.known : nullptr;
}

asio::awaitable<sync::result<void>> checker::compare_names(findings& into)
{
    std::map<const statement_description*, std::vector<std::string>> asked;
    for (const auto& used : described_.used_names) {
        const auto* known = known_for(used);
        if (!known)
            continue;
        if (!asked.contains(known)) {
            auto values = rendered(*known, {{"credentials", described_.credentials}});
            if (!values)
                co_return values.error();
            auto rows = co_await reader_.rows_of(known->statement, std::move(*values), described_.list.limits);
            if (!rows)
                co_return failure_of(rows.error());
            auto& names = asked[known];
            for (const auto& row : *rows)
                if (!row.empty() && !row.begin()->value().is_null())
                    names.push_back(rest::plain_text(row.begin()->value()));
        }
        if (auto finding = rest::finding_about(used, asked[known], "the database"))
            into.push_back(std::move(*finding));
    }
    co_return sync::result<void>{};
}

} // namespace testdome_sync::sql
