#include "connectors/sql/rendering.hpp"

#include "sync/events.hpp"

namespace testdome_sync::sql {
namespace json = boost::json;
using sync::errc;
namespace {

std::string unfit(const json::value& value)
{
    if (value.is_array() || value.is_object())
        return "is a list or an object, which no column takes";
    if (value.is_string() && value.get_string().find('\0') != json::string::npos)
        return "holds a zero byte, which no column of text takes";
    return {};
}

} // namespace

sync::result<parameters> rendered(const statement_description& wanted, const json::object& document)
{
    parameters made;
    const auto subject = "the statement at " + wanted.statement.where.text() + ": the value of :";
    const config::jq_document shared(document);
    for (const auto& [name, written] : wanted.values) {
        auto value = written.render(shared);
        if (!value)
            return sync::failure{errc::refused, subject + name + ": " + sync::printable(value.error().reason)};
        if (const auto complaint = unfit(*value); !complaint.empty())
            return sync::failure{errc::refused, subject + name + ' ' + complaint};
        made.push_back({name, std::move(*value)});
    }
    return made;
}

bool says_yes(const connection::records& rows)
{
    if (rows.empty() || rows.front().empty())
        return false;
    const auto& first = rows.front().begin()->value();
    return !first.is_null() && first != json::value(false) && first != json::value(0);
}

} // namespace testdome_sync::sql
