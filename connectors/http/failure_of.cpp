#include "connectors/http/service.hpp"

#include <boost/json/parse.hpp>

namespace testdome_sync::http {
namespace json = boost::json;
namespace {

/// The text at the first of these places that holds one.
std::string message_in(const json::value& body)
{
    for (const auto* place :
         {"/error/message", "/error_description", "/message", "/errors/0/message", "/errors/0/detail",
          "/errors/0/title", "/errors/0", "/error", "/detail", "/errorInfo/message"}) {
        boost::system::error_code missing;
        const auto* found = body.find_pointer(place, missing);
        if (found && found->is_string())
            return std::string(found->as_string());
    }
    return {};
}

std::string explanation(const response& answer)
{
    if (answer.body.empty())
        return {};
    boost::system::error_code not_json;
    const auto body = json::parse(answer.body, not_json);
    if (!not_json) {
        const auto message = sync::printable(message_in(body));
        return message.empty() ? std::string{} : ": \"" + message + '"';
    }
    const auto start = answer.body.find_first_not_of(" \t\r\n");
    return start != std::string::npos && answer.body[start] == '<' ? " (HTML, not JSON)" : " (not JSON)";
}

/// A moved API is told as such: following it would hand our credentials to somebody else.
std::string redirection(const response& answer)
{
    if (answer.status < 301 || answer.status > 308 || answer.status == 304)
        return {};
    const auto target = answer.headers.find("Location");
    if (!target)
        return "; a redirect that does not say where to";
    return "; it redirects to " + sync::printable(printable_url(*target), 120) +
           ", which is not followed with our credentials: if it has moved there, change url";
}

} // namespace

sync::failure failure_of(const request& sent, const response& answer, effect kind, const std::string& words)
{
    const auto why = words.empty() ? explanation(answer) : ": \"" + sync::printable(words) + '"';
    const auto text = printable(sent) + ": answered " + std::to_string(answer.status) + why + redirection(answer);
    switch (answer.status) {
    case 401: return {sync::errc::denied, text + "; check the credentials"};
    case 403: return {sync::errc::denied, text + "; check the rights of these credentials"};
    case 404:
    case 410: return {sync::errc::not_found, text};
    default: break;
    }
    if (answer.status >= 400 && answer.status < 500)
        return {sync::errc::refused, text};
    return {kind == effect::reads ? sync::errc::malformed : sync::errc::outcome_unknown, text};
}

} // namespace testdome_sync::http
