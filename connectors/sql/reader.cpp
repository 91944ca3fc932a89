#include "connectors/sql/reader.hpp"

#include "connectors/at_expression.hpp"
#include "connectors/newest_readings.hpp"
#include "connectors/rest/reader.hpp"
#include "connectors/sql/rendering.hpp"
#include "sync/events.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace testdome_sync::sql {
namespace asio = boost::asio;
namespace json = boost::json;
using sync::errc;
namespace {

connection::records read_only(connection& open, const statement& wanted, const parameters& values,
                              const row_limits& limits)
{
    open.begin(access::read, limits.rows);
    try {
        auto rows = open.query(wanted, values, limits);
        open.rollback();
        return rows;
    } catch (const database_error&) {
        open.rollback();
        throw;
    }
}

/// Without anything about a person, as far as columns go by their usual names.
std::string id_for_report(const json::object& row)
{
    for (const auto* name : {"application_id", "id"})
        if (const auto* id = row.if_contains(name); id && !id->is_null())
            return id->is_string() ? std::string(id->get_string()) : json::serialize(*id);
    return {};
}

} // namespace

asio::awaitable<answer<connection::records>> application_reader::rows_of(statement wanted, parameters values,
                                                                         row_limits limits)
{
    auto turn = co_await from_.take_turn();
    if (!turn.taken())
        co_return work_failure{trouble::too_long, "stopped before the database was asked"};
    std::function<connection::records(connection&)> work = [wanted = std::move(wanted), values = std::move(values),
                                                            limits](connection& open) {
        return read_only(open, wanted, values, limits);
    };
    const auto until = clock_.now() + described_.database.timeout;
    const bool was_open = from_.connected();
    auto rows = co_await from_.run<connection::records>(work, until);
    // A connection that was kept may have been closed by the server long ago.
    if (!rows && rows.error().kind == trouble::lost && was_open)
        rows = co_await from_.run<connection::records>(work, until);
    co_return rows;
}

sync::result<parameters> application_reader::values_for(const sync::poll_request& request) const
{
    const auto& list = described_.list;
    const auto since = list.since.write(request.since, described_.time_zone);
    auto values =
        rendered(list.query, {{"since", since}, {"cursor", request.cursor}, {"credentials", described_.credentials}});
    if (!values)
        return values;
    const auto given = [&](const char* name, const json::value& value) {
        const auto is_it = [&](const parameter& one) { return one.name == name; };
        if (std::ranges::count(list.query.statement.parameters, name) > 0 && std::ranges::none_of(*values, is_it))
            values->push_back({name, value});
    };
    given("since", since);
    given("cursor", request.cursor);
    return values;
}

void application_reader::take_in(const connection::records& rows, const sync::poll_request& request,
                                 sync::poll_answer& into) const
{
    connectors::newest_readings newest;
    for (const auto& row : rows) {
        const auto broken = [&](const std::string& why) {
            into.broken.push_back({id_for_report(row), sync::printable(why)});
        };
        const config::jq_document document(row);
        if (described_.select) {
            const auto wanted = described_.select->test(document);
            if (!wanted)
                broken(wanted.error().reason);
            if (!wanted || !*wanted)
                continue;
        }
        const auto described = described_.application.render(document);
        if (!described) {
            broken(described.error().reason);
            continue;
        }
        auto made = rest::application_of(*described, row, {described_.time_zone, described_.list.reads_window()});
        if (made.id.empty())
            broken("it has no id");
        else
            newest.add_unless_known(std::move(made), request);
    }
    newest.move_into(into);
}

asio::awaitable<sync::result<sync::poll_answer>> application_reader::read(sync::poll_request request)
{
    auto values = values_for(request);
    if (!values)
        co_return values.error();
    auto rows = co_await rows_of(described_.list.query.statement, std::move(*values), described_.list.limits);
    if (!rows)
        co_return failure_of(rows.error());
    sync::poll_answer answer;
    answer.cursor = request.cursor;
    if (described_.list.cursor && !rows->empty()) {
        const auto kept = described_.list.cursor->first(rows->back());
        if (!kept)
            co_return connectors::at_expression(errc::malformed, *described_.list.cursor, kept.error());
        if (!kept->is_null())
            answer.cursor = *kept;
    }
    take_in(*rows, request, answer);
    co_return answer;
}

} // namespace testdome_sync::sql
