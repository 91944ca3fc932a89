#include "daemon/control_request.hpp"

#include <boost/json/array.hpp>
#include <boost/system/system_error.hpp>

#include <stdexcept>

namespace testdome_sync::daemon {
namespace json = boost::json;
namespace {

constexpr std::size_t text_limit_bytes = 1000;
constexpr std::chrono::seconds longest_extension = std::chrono::hours{24 * 3660};

std::string text_of(const json::value& member)
{
    std::string text(member.as_string());
    if (text.size() > text_limit_bytes)
        throw std::invalid_argument("a text is longer than " + std::to_string(text_limit_bytes) + " bytes");
    return text;
}

control_request understood(const json::object& line)
{
    control_request asked;
    set_command(asked, text_of(line.at("command")));
    for (const auto& id : line.at("ids").as_array())
        asked.decision.ids.push_back(id.to_number<std::int64_t>());
    asked.decision.all = line.at("all").as_bool();
    asked.decision.subject = text_of(line.at("subject"));
    asked.decision.by = std::chrono::seconds{line.at("by_seconds").to_number<std::int64_t>()};
    if (asked.decision.by < std::chrono::seconds{0} || asked.decision.by > longest_extension)
        throw std::invalid_argument("`by` is not between nothing and ten years");
    asked.decision.why = text_of(line.at("why"));
    asked.sudo_user = text_of(line.at("sudo_user"));
    return asked;
}

} // namespace

json::object to_json(const control_request& asked)
{
    const auto& decision = asked.decision;
    const bool polls = asked.what == control_request::kind::poll;
    return {{"command", polls ? std::string_view("poll") : sync::to_text(decision.kind)},
            {"ids", json::array(decision.ids.begin(), decision.ids.end())},
            {"all", decision.all},
            {"subject", decision.subject},
            {"by_seconds", decision.by.count()},
            {"why", decision.why},
            {"sudo_user", asked.sudo_user}};
}

control_request control_request_from(const json::value& line)
{
    try {
        return understood(line.as_object());
    } catch (const std::exception& error) { // a member is missing, of another kind, or no number that fits
        throw std::invalid_argument(std::string("this is no command of this version: ") + error.what());
    }
}

json::value to_json(const sync::decision_answer& answer)
{
    json::array items;
    for (const auto& one : answer.items)
        items.push_back({{"subject", one.subject}, {"done", one.done}, {"text", one.text}});
    return items;
}

sync::decision_answer decision_answer_from(const json::value& items)
{
    try {
        sync::decision_answer answer;
        for (const auto& one : items.as_array())
            answer.items.push_back({std::string(one.at("subject").as_string()), one.at("done").as_bool(),
                                    std::string(one.at("text").as_string())});
        return answer;
    } catch (const std::exception& error) {
        throw std::invalid_argument(std::string("the daemon's answer can't be understood: ") + error.what());
    }
}

void set_command(control_request& asked, std::string_view name)
{
    asked.what = name == "poll" ? control_request::kind::poll : control_request::kind::decide;
    if (asked.what == control_request::kind::poll)
        return;
    const auto kind = sync::decision_kind_from(name);
    if (!kind)
        throw std::invalid_argument("there is no such decision");
    asked.decision.kind = *kind;
}

} // namespace testdome_sync::daemon
