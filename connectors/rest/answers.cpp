#include "connectors/rest/answers.hpp"

#include "sync/events.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace testdome_sync::rest {
namespace json = boost::json;
using sync::errc;

namespace {

json::object lower_case(const http::fields& headers)
{
    json::object named;
    for (const auto& [name, value] : headers.list()) {
        std::string key = name;
        std::ranges::transform(key, key.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        named[key] = value;
    }
    return named;
}

errc code_of(verdict meaning, http::effect kind)
{
    switch (meaning) {
    case verdict::denied: return errc::denied;
    case verdict::not_found: return errc::not_found;
    case verdict::retry: return errc::not_sent;
    case verdict::unknown: return kind == http::effect::changes ? errc::outcome_unknown : errc::malformed;
    case verdict::fail:
    case verdict::success:
    case verdict::stop:
    case verdict::skip:
    case verdict::forget_cursor: return errc::refused;
    }
    return errc::refused;
}

} // namespace

std::string answer_reader::subject() const
{
    return http::printable(sent_.request) + ": answered " + std::to_string(document_.at("status").to_number<int>());
}

sync::failure answer_reader::not_understood(const std::string& why) const
{
    return {kind_ == http::effect::reads ? errc::malformed : errc::outcome_unknown, subject() + why};
}

void answer_reader::parse(const http::response& answer)
{
    document_ = sent_.answer ? sent_.context : json::object{};
    document_["status"] = answer.status;
    document_["headers"] = lower_case(answer.headers);
    document_["body"] = nullptr;
    document_["effect"] = kind_ == http::effect::reads ? "reads" : "changes";
    const auto start = answer.body.find_first_not_of(" \t\r\n");
    blank_ = start == std::string::npos;
    is_html_ = !blank_ && answer.body[start] == '<';
    boost::system::error_code not_json;
    if (!blank_)
        document_["body"] = json::parse(answer.body, not_json);
    is_json_ = !not_json;
    rule_ = nullptr;
    confused_.clear();
}

const answer_rule* answer_reader::matching_rule()
{
    const config::jq_document whole(document_);
    // Most rules look at the status or a header: a page of hundreds of records need not be converted for them.
    auto without_body = sent_.answer ? sent_.context : json::object{};
    for (const auto* name : {"status", "headers", "effect"})
        without_body[name] = document_.at(name);
    const config::jq_document head(std::move(without_body));
    for (const auto* table : {sent_.answer, &described_.answer}) {
        if (!table)
            continue;
        for (const auto& rule : table->rules) {
            const bool needs_body = rule.when.text().find("body") != std::string::npos || rule.when.text() == ".";
            const auto fits = rule.when.test(needs_body ? whole : head);
            if (!fits && confused_.empty())
                confused_ = rule.when.where().text() + ": " + sync::printable(fits.error().reason);
            if (fits && *fits)
                return &rule;
        }
    }
    return nullptr;
}

std::string answer_reader::words() const
{
    const auto own = sent_.answer ? &sent_.answer->error : nullptr;
    for (const auto* source : {rule_ ? &rule_->message : nullptr, own, &described_.answer.error}) {
        if (!source || !*source)
            continue;
        const auto text = (*source)->first(document_);
        if (text && !text->is_null() && !plain_text(*text).empty())
            return plain_text(*text);
    }
    return {};
}

std::optional<http::opinion> answer_reader::first_look(const http::response& answer)
{
    parse(answer);
    rule_ = matching_rule();
    if (!rule_)
        return std::nullopt;
    if (rule_->then != verdict::retry)
        return http::opinion{};
    return http::opinion{true, rule_->wait, words()};
}

sync::result<hr_answer> answer_reader::understood(const http::response& answer)
{
    return rule_ ? by_rule(*rule_) : by_status(answer);
}

sync::result<hr_answer> answer_reader::by_rule(const answer_rule& rule)
{
    switch (rule.then) {
    case verdict::success: return hr_answer{json::value(std::move(document_)), verdict::success};
    case verdict::skip:
    case verdict::stop:
    case verdict::forget_cursor:
        document_["body"] = nullptr;
        return hr_answer{json::value(std::move(document_)), rule.then};
    case verdict::retry:
    case verdict::fail:
    case verdict::denied:
    case verdict::not_found:
    case verdict::unknown: break;
    }
    const auto text = words();
    return sync::failure{code_of(rule.then, kind_), subject() + (text.empty() ? ", which is a failure here"
                                                                              : ": \"" + sync::printable(text) + '"')};
}

sync::result<hr_answer> answer_reader::by_status(const http::response& answer)
{
    const bool nothing_new = answer.status == 304;
    if (!nothing_new && (answer.status < 200 || answer.status > 299))
        return http::failure_of(sent_.request, answer, kind_, words());
    if (!confused_.empty())
        return not_understood(", which the table of answers can't judge (" + confused_ + ")");
    if (!is_json_) {
        // To a write that was accepted, words that aren't JSON are as good as none; from a question, they answer
        // nothing.
        if (kind_ == http::effect::reads || is_html_)
            return not_understood(is_html_ ? " with HTML" : " without JSON");
        return hr_answer{json::value(std::move(document_)), verdict::success};
    }
    const auto* own = sent_.answer && sent_.answer->success ? &*sent_.answer->success : nullptr;
    const auto* success = own ? own : described_.answer.success ? &*described_.answer.success : nullptr;
    if (!success || (blank_ && !own))
        return hr_answer{json::value(std::move(document_)), verdict::success};
    const auto well = success->test(document_);
    if (!well)
        return not_understood(", and whether that is a success can't be told: " + sync::printable(well.error().reason));
    if (*well)
        return hr_answer{json::value(std::move(document_)), verdict::success};
    const auto text = words();
    return sync::failure{errc::refused, http::printable(sent_.request) + ": the answer says that it failed" +
                                            (text.empty() ? "" : ": \"" + sync::printable(text) + '"')};
}

} // namespace testdome_sync::rest
