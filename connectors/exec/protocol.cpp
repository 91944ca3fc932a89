#include "connectors/exec/protocol.hpp"

#include "sync/events.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <array>
#include <utility>

namespace testdome_sync::exec {
namespace json = boost::json;
using sync::errc;

namespace {

constexpr std::array<std::pair<std::string_view, sync::repeatability>, 3> repeatabilities{{
    {"idempotent", sync::repeatability::idempotent},
    {"checkable", sync::repeatability::checkable},
    {"uncertain", sync::repeatability::uncertain},
}};

constexpr std::array<std::pair<std::string_view, errc>, 7> codes{{
    {"not_sent", errc::not_sent},
    {"outcome_unknown", errc::outcome_unknown},
    {"refused", errc::refused},
    {"denied", errc::denied},
    {"not_found", errc::not_found},
    {"malformed", errc::malformed},
    {"unsupported", errc::unsupported},
}};

template <class Table>
auto named(const Table& table, std::string_view name) -> std::optional<decltype(table[0].second)>
{
    for (const auto& [known, value] : table)
        if (known == name)
            return value;
    return std::nullopt;
}

template <class Table, class Value>
std::string_view name_in(const Table& table, Value wanted)
{
    for (const auto& [name, value] : table)
        if (value == wanted)
            return name;
    return {};
}

template <class Table>
std::string names_of(const Table& table)
{
    std::string list;
    for (const auto& [name, value] : table)
        list.append(list.empty() ? "" : ", ").append(name);
    return list;
}

std::string quoted(std::string_view text)
{
    return '"' + sync::printable(text, 60) + '"';
}

std::string line_of(const json::object& message)
{
    return json::serialize(message) + '\n';
}

/// A text can be made into a violation as well.
understood<std::string> well(std::string text)
{
    return {boost::system::in_place_value, std::move(text)};
}

/// A text, or a number as text; empty if absent or null.
understood<std::string> text_in(const json::object& message, std::string_view name)
{
    const auto* found = message.if_contains(name);
    if (!found || found->is_null())
        return well({});
    if (found->is_string())
        return well(std::string(found->get_string()));
    if (found->is_int64() || found->is_uint64())
        return well(json::serialize(*found));
    return violation{quoted(name) + " must be a text"};
}

understood<json::object> message_in(std::string_view line)
{
    boost::system::error_code not_json;
    auto message = json::parse(line, not_json);
    if (not_json)
        return violation{"a line that is not JSON (" + not_json.message() + "): " + quoted(line)};
    if (!message.is_object())
        return violation{"a line that is no JSON object: " + quoted(line)};
    return std::move(message.as_object());
}

understood<std::string> type_of(const json::object& message)
{
    const auto* type = message.if_contains("type");
    if (!type || !type->is_string())
        return violation{"a message without a \"type\""};
    return well(std::string(type->get_string()));
}

understood<failure_line> read_failure(const json::object& message)
{
    const auto name = text_in(message, "code");
    if (!name)
        return name.error();
    const auto code = named(codes, *name);
    if (!code)
        return violation{"a failure with the unknown code " + quoted(*name) + " (there are: " + names_of(codes) + ')'};
    const auto text = text_in(message, "message");
    if (!text)
        return text.error();
    failure_line made{{*code, *text}};
    const auto* wait = message.if_contains("retry_after");
    if (!wait || wait->is_null())
        return made;
    constexpr double a_week = 7 * 86400;
    if (!wait->is_number() || !(wait->to_number<double>() >= 0 && wait->to_number<double>() <= a_week))
        return violation{"\"retry_after\" must be seconds, from 0 to 604800"};
    made.why.retry_after = std::chrono::seconds{static_cast<long long>(wait->to_number<double>())};
    return made;
}

understood<program_hello> read_introduction(const json::object& message)
{
    program_hello made;
    const auto* protocol = message.if_contains("protocol");
    if (!protocol || !protocol->is_int64())
        return violation{"a hello without its \"protocol\""};
    if (protocol->get_int64() != protocol_version)
        return violation{"it speaks protocol " + std::to_string(protocol->get_int64()) +
                         ", and this testdome-sync speaks protocol " + std::to_string(protocol_version)};
    const auto name = text_in(message, "name");
    if (!name)
        return name.error();
    made.name = *name;
    const auto* actions = message.if_contains("actions");
    if (!actions || actions->is_null())
        return made;
    if (!actions->is_object())
        return violation{"\"actions\" of its hello must be an object"};
    for (const auto& [action, value] : actions->get_object()) {
        const auto repeats = value.is_string() ? named(repeatabilities, value.get_string()) : std::nullopt;
        if (!repeats)
            return violation{"its action " + quoted(action) + " must be one of " + names_of(repeatabilities)};
        made.actions.emplace(action, *repeats);
    }
    return made;
}

understood<answer_line> read_done(const json::object& message, request_kind kind)
{
    done_line made;
    switch (kind) {
    case request_kind::poll:
        if (const auto* cursor = message.if_contains("cursor"))
            made.cursor = *cursor;
        break;
    case request_kind::write: {
        const auto outcome = text_in(message, "outcome");
        if (!outcome)
            return outcome.error();
        if (*outcome != "done" && *outcome != "already_done")
            return violation{"the outcome of a write must be done or already_done, not " + quoted(*outcome)};
        made.outcome = *outcome == "done" ? sync::write_outcome::done : sync::write_outcome::already_done;
        break;
    }
    case request_kind::check: {
        const auto* findings = message.if_contains("findings");
        if (!findings || findings->is_null())
            break;
        if (!findings->is_array())
            return violation{"\"findings\" must be a list of texts"};
        for (const auto& one : findings->get_array()) {
            if (!one.is_string())
                return violation{"\"findings\" must be a list of texts"};
            made.findings.emplace_back(one.get_string());
        }
        break;
    }
    }
    return answer_line(std::move(made));
}

/// What a poll gives before its end.
understood<answer_line> read_record(json::object& message, const std::string& type)
{
    if (type == "application") {
        auto* document = message.if_contains("document");
        if (!document || !document->is_object())
            return violation{"an application without its \"document\", which is an object"};
        return answer_line(application_line{std::move(document->as_object())});
    }
    if (type == "record") {
        auto* record = message.if_contains("record");
        if (!record)
            return violation{"a record without its \"record\""};
        return answer_line(record_line{std::move(*record)});
    }
    const auto id = text_in(message, "record_id");
    if (!id)
        return id.error();
    const auto reason = text_in(message, "reason");
    if (!reason)
        return reason.error();
    return answer_line(broken_line{{*id, *reason}});
}

} // namespace

void throw_exception_from_error(const violation& violation, const boost::source_location& where)
{
    boost::throw_exception(std::runtime_error(violation.what), where);
}

std::string_view name_of(request_kind kind)
{
    switch (kind) {
    case request_kind::poll: return "poll";
    case request_kind::write: return "write";
    case request_kind::check: return "check";
    }
    return {};
}

std::optional<sync::repeatability> repeatability_named(std::string_view name)
{
    return named(repeatabilities, name);
}

std::string_view name_of(sync::repeatability repeats)
{
    return name_in(repeatabilities, repeats);
}

std::string_view name_of(errc code)
{
    return name_in(codes, code);
}

std::string hello_line(const std::string& mapping)
{
    return line_of({{"type", "hello"}, {"protocol", protocol_version}, {"mapping", mapping}});
}

std::string poll_line(std::int64_t id, const sync::poll_request& request)
{
    return line_of({{"type", "poll"}, {"id", id}, {"since", sync::to_text(request.since)}, {"cursor", request.cursor}});
}

std::string write_line(std::int64_t id, const sync::write_order& order)
{
    auto document = order.document;
    const auto* marker = order.document.if_contains("marker");
    document.erase("marker");
    return line_of({{"type", "write"},
                    {"id", id},
                    {"action", order.action},
                    {"argument", order.argument},
                    {"document", std::move(document)},
                    {"marker", marker ? *marker : json::value(nullptr)},
                    {"ask_first", order.ask_first}});
}

std::string check_line(std::int64_t id)
{
    return line_of({{"type", "check"}, {"id", id}});
}

understood<std::variant<program_hello, failure_line>> read_hello(std::string_view line)
{
    using answer = std::variant<program_hello, failure_line>;
    const auto message = message_in(line);
    if (!message)
        return message.error();
    const auto type = type_of(*message);
    if (!type)
        return type.error();
    if (*type == "failure") {
        auto failed = read_failure(*message);
        if (!failed)
            return failed.error();
        return answer(std::move(*failed));
    }
    if (*type != "hello")
        return violation{"a message of type " + quoted(*type) + " where its hello was due"};
    auto introduced = read_introduction(*message);
    if (!introduced)
        return introduced.error();
    return answer(std::move(*introduced));
}

understood<answer_line> read_answer(std::string_view line, request_kind kind, std::int64_t id)
{
    auto message = message_in(line);
    if (!message)
        return message.error();
    const auto type = type_of(*message);
    if (!type)
        return type.error();
    const auto* to = message->if_contains("id");
    if (!to || !to->is_int64())
        return violation{"a message of type " + quoted(*type) + " without the \"id\" of the request"};
    if (to->get_int64() != id)
        return violation{"an answer to request " + std::to_string(to->get_int64()) + ", when request " +
                         std::to_string(id) + " was asked"};
    if (*type == "done")
        return read_done(*message, kind);
    if (*type == "failure") {
        auto failed = read_failure(*message);
        if (!failed)
            return failed.error();
        return answer_line(std::move(*failed));
    }
    if (*type != "application" && *type != "record" && *type != "broken")
        return violation{"a message of the unknown type " + quoted(*type)};
    if (kind != request_kind::poll)
        return violation{"a message of type " + quoted(*type) + " in the answer to a " + std::string(name_of(kind))};
    return read_record(*message, *type);
}

} // namespace testdome_sync::exec
