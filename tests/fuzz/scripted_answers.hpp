#pragma once

#include "connectors/http/transport.hpp"
#include "sync/failure.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::fuzzing {

/// What a network answers, read from text. The first line is for the target to understand; then, between lines of
/// `=====`, one answer after the other as HTTP has it: status, headers, an empty line, the body. A status of
/// `lost` (the request left, no answer came), `unreachable` (nothing left) or `canceled` is the network's; one that
/// ends in ` token` answers a sign-in. After the last answer, everything is answered with the last but for `limit`
/// requests: a list that never ends is up to the program to notice.
class scripted_answers {
public:
    explicit scripted_answers(std::string_view input);

    const std::string& first_line() const { return first_line_; }
    /// Whether they hold this themselves: then it is no wonder if it is told again.
    bool mention(std::string_view text) const { return whole_.find(text) != std::string::npos; }

    http::result<http::response> reply(const http::request& order);

    struct exchange {
        http::request asked;
        http::result<http::response> answer;
    };
    /// Everything but the sign-ins.
    const std::vector<exchange>& exchanges() const { return exchanges_; }

    /// What each request must be, and how many there may be. `origins`: the only ones that may be spoken to.
    void check_requests(const std::vector<std::string>& origins) const;
    /// What must hold after a request that can't be undone: at most one of them had an effect, and if any may have had
    /// one, `code` is not one after which it would be sent again.
    void check_effect(const std::optional<sync::failure>& failed) const;

private:
    std::string whole_;
    std::string first_line_;
    std::vector<http::result<http::response>> answers_;
    std::deque<http::result<http::response>> tokens_;
    std::vector<exchange> exchanges_;
    std::size_t signed_in_ = 0;
    std::vector<std::string> urls_;
};

template <class T>
std::optional<sync::failure> failure_in(const sync::result<T>& answer)
{
    return answer ? std::nullopt : std::optional(answer.error());
}

/// That a failure can be shown in a log: no control characters, no secret of ours.
void check_failure(const sync::failure& failed, const scripted_answers& answers, std::string_view secret);

} // namespace testdome_sync::fuzzing
