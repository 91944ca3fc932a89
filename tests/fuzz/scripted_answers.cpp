#include "tests/fuzz/scripted_answers.hpp"

#include "connectors/http/url.hpp"
#include "tests/fuzz/promises.hpp"

#include <algorithm>
#include <charconv>

namespace testdome_sync::fuzzing {
namespace {

using answer = http::result<http::response>;

constexpr std::size_t repeated_answers = 20;
constexpr std::size_t most_requests = 300;

std::string_view take_line(std::string_view& text)
{
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

answer answer_from(std::string_view status, std::string_view rest)
{
    if (status.starts_with("lost"))
        return http::failure{http::errc::receive_failed, "the answer is lost", true};
    if (status.starts_with("unreachable"))
        return http::failure{http::errc::connect_failed, "nobody is there", false};
    if (status.starts_with("canceled"))
        return http::failure{http::errc::canceled, "canceled", true};
    http::response made;
    int number = 0;
    std::from_chars(status.data(), status.data() + std::min<std::size_t>(status.size(), 3), number);
    made.status = number >= 200 && number <= 999 ? number : 200; // 1xx are no answers
    for (auto line = take_line(rest); !line.empty(); line = take_line(rest)) {
        const auto colon = std::min(line.find(':'), line.size());
        auto value = line.substr(std::min(colon + 1, line.size()));
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        made.headers.add(std::string(line.substr(0, colon)), std::string(value));
    }
    made.body = std::string(rest);
    return made;
}

/// Said no before anything was done, or nothing left.
bool had_no_effect(const scripted_answers::exchange& one)
{
    if (!one.answer)
        return !one.answer.error().may_have_been_carried_out;
    const int status = one.answer->status;
    return status >= 400 && status < 500 && status != 408;
}

bool asks_only(const http::request& order)
{
    return order.method == "GET";
}

} // namespace

scripted_answers::scripted_answers(std::string_view input) : whole_(input)
{
    first_line_ = take_line(input);
    for (const auto& part : parts_of(input)) {
        std::string_view rest = part;
        const auto status = take_line(rest);
        if (status.ends_with("token"))
            tokens_.push_back(answer_from(status, rest));
        else
            answers_.push_back(answer_from(status, rest));
    }
    if (answers_.empty())
        answers_.push_back(http::response{404, {}, ""});
}

answer scripted_answers::reply(const http::request& order)
{
    urls_.push_back(order.url);
    promise(urls_.size() <= most_requests, "the number of requests is bounded", order.url);
    const auto to = http::parse_url(order.url);
    if (!to) // as the client does it
        return http::failure{http::errc::invalid_url, "this URL can't be used", false};
    if (order.method == "POST" && to->target.starts_with("/token")) {
        if (signed_in_ < tokens_.size())
            return tokens_[signed_in_++];
        http::response token;
        token.status = 200;
        token.body = R"({"access_token":"t","expires_in":1800})";
        return token;
    }
    const auto number = exchanges_.size();
    auto given = answers_[std::min(number, answers_.size() - 1)];
    if (number >= answers_.size() + repeated_answers)
        given = http::response{200, {}, "[]"};
    exchanges_.push_back({order, given});
    return given;
}

void scripted_answers::check_requests(const std::vector<std::string>& origins) const
{
    for (const auto& url : urls_) {
        const auto to = http::parse_url(url);
        if (to)
            promise(std::ranges::count(origins, to->origin()) > 0, "credentials go to their own host only", url);
    }
}

void scripted_answers::check_effect(const std::optional<sync::failure>& failed) const
{
    std::size_t effects = 0;
    for (const auto& one : exchanges_)
        if (!asks_only(one.asked) && !had_no_effect(one))
            ++effects;
    promise(effects <= 1, "what can't be undone is sent at most once");
    if (!failed) {
        promise(effects == 1, "success needs a request that was answered");
        return;
    }
    if (effects > 0)
        promise(failed->code == sync::errc::outcome_unknown || failed->code == sync::errc::refused,
                "what may have been carried out is never told as not sent", failed->detail);
}

void check_failure(const sync::failure& failed, const scripted_answers& answers, std::string_view secret)
{
    promise(!failed.detail.empty(), "a failure says what failed");
    promise(answers.mention(secret) || failed.detail.find(secret) == std::string::npos, "a failure tells no secret",
            failed.detail);
    promise(std::ranges::none_of(failed.detail, [](char c) { return static_cast<unsigned char>(c) < 0x20; }),
            "a failure is one line without control characters", failed.detail);
    if (failed.retry_after)
        promise(failed.retry_after->count() >= 0, "a wait is not negative", failed.detail);
}

} // namespace testdome_sync::fuzzing
