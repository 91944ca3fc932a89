#include "connectors/http/oauth.hpp"

#include "connectors/http/masking.hpp"
#include "sync/application.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <deque>

namespace testdome_sync::http {
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::chrono::seconds pause_after_refusal{60};
/// Of those that must not be told; refresh tokens come and go.
constexpr std::size_t secrets_kept = 20;
/// What a token is believed at most; a 401 tells of an earlier end. Bounded, as any number may stand in an answer.
constexpr std::chrono::seconds longest_life{std::chrono::hours{24 * 365}};

service_options options_of(const token_options& token)
{
    service_options options;
    options.name = token.name + " sign-in";
    options.concurrent = 1;
    options.attempts = 3;
    return options;
}

/// Seconds, also with a fraction or as text; a nonsensical number is brought near enough that time can be counted with
/// it: some 285 years.
std::optional<long long> seconds_in(const json::object& body, std::string_view member)
{
    constexpr double farthest = 9e9;
    const auto* found = body.if_contains(member);
    if (!found)
        return std::nullopt;
    if (found->is_string()) {
        char* end = nullptr;
        const auto number = std::strtoll(found->as_string().c_str(), &end, 10);
        const bool whole = end && *end == '\0' && !found->as_string().empty();
        const auto limit = static_cast<long long>(farthest);
        return whole ? std::optional(std::clamp(number, -limit, limit)) : std::nullopt;
    }
    if (!found->is_number())
        return std::nullopt;
    return static_cast<long long>(std::clamp(found->to_number<double>(), -farthest, farthest));
}

class token_authorizer final : public authorizer {
public:
    token_authorizer(transport& network, sync::clock& clock, sync::random_source& random, sync::event_sink& events,
                     token_options options)
        : clock_(clock), events_(events), options_(std::move(options)),
          endpoint_(network, clock, random, events, nullptr, options_of(options_))
    {
        if (options_.refresh)
            refresh_.emplace(*std::exchange(options_.refresh, std::nullopt), clock);
    }

    asio::awaitable<sync::result<void>> sign(request& order) override
    {
        while (signing_in_)
            co_await wait_for_sign_in();
        if (refresh_) // one that could not be stored before: nothing leaves until it is
            if (const auto kept = refresh_->keep(); !kept)
                co_return kept.error();
        if (token_.empty() || clock_.now() >= renew_at_) {
            const under_way one_at_a_time(*this);
            auto signed_in = co_await sign_in();
            if (!signed_in)
                co_return signed_in.error();
        }
        order.headers.set(options_.header, options_.scheme + token_);
        co_return sync::result<void>{};
    }

    bool renew(const request& rejected) override
    {
        // Another call may have renewed it already: only the token that was refused is dropped.
        if (rejected.headers.find(options_.header) == options_.scheme + token_)
            token_.clear();
        return true;
    }

private:
    /// A sign-in; when it ends, in whatever way, those who wait go on.
    class under_way {
    public:
        explicit under_way(token_authorizer& of) : of_(of) { of_.signing_in_ = true; }
        ~under_way()
        {
            of_.signing_in_ = false;
            of_.wake_waiting();
        }
        under_way(const under_way&) = delete;
        under_way& operator=(const under_way&) = delete;

    private:
        token_authorizer& of_;
    };

    asio::awaitable<void> wait_for_sign_in()
    {
        asio::steady_timer answer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        waiting_.push_back(&answer);
        boost::system::error_code ignored;
        co_await answer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        std::erase(waiting_, &answer);
    }

    void wake_waiting()
    {
        for (auto* waiting : std::exchange(waiting_, {}))
            waiting->cancel();
    }

    asio::awaitable<sync::result<void>> sign_in()
    {
        if (refusal_ && clock_.now() < refused_until_)
            co_return *refusal_;
        auto made = token_request();
        if (!made)
            co_return made.error();
        auto order = std::move(*made);
        const auto sent = order;
        const auto asked_at = clock_.now();
        auto answer = co_await endpoint_.call(std::move(order), effect::reads);
        if (!answer && answer.error().code != sync::errc::denied)
            co_return answer.error();
        if (!answer || answer->status == 400 || answer->status == 401 || answer->status == 403)
            co_return refuse(answer ? failure_of(sent, *answer, effect::reads) : answer.error());
        if (answer->status < 200 || answer->status > 299)
            co_return failure_of(sent, *answer, effect::reads);
        co_return accept(sent, *answer, asked_at);
    }

    sync::result<request> token_request()
    {
        if (!refresh_)
            return options_.make_request();
        const auto token = refresh_->take();
        if (!token)
            return token.error();
        options_.secrets.emplace_back(*token);
        if (options_.secrets.size() > secrets_kept)
            options_.secrets.erase(options_.secrets.begin());
        return options_.make_refresh_request(*token);
    }

    sync::failure refuse(sync::failure why)
    {
        why.detail = without(std::move(why.detail), options_.secrets);
        if (refresh_)
            why.detail += refresh_->refused();
        else if (why.code != sync::errc::denied) // a 400 says so in its own way
            why.detail += "; check the credentials";
        why.code = sync::errc::denied;
        if (!refusal_)
            events_.emit("auth.failed", options_.name + " refuses the sign-in: " + why.detail,
                         {{"service", options_.name}});
        refusal_ = why;
        refused_until_ = clock_.now() + pause_after_refusal;
        return why;
    }

    sync::result<void> accept(const request& sent, const response& answer, sync::monotonic_time asked_at)
    {
        boost::system::error_code not_json;
        const auto body = json::parse(answer.body, not_json);
        if (not_json || !body.is_object())
            return sync::failure{sync::errc::not_sent,
                                 printable(sent) + ": the answer to the sign-in is not a JSON object"};
        const auto* token = body.as_object().if_contains(options_.token_member);
        // Some services refuse with a 200 (Zoho).
        if (!token || !token->is_string() || token->as_string().empty())
            return refuse({sync::errc::denied, failure_of(sent, answer, effect::reads).detail + ", without a token"});
        token_ = token->as_string();
        refusal_.reset();
        const auto life = life_of(body.as_object());
        renew_at_ = asked_at + life - std::min<sync::monotonic_time::duration>(options_.renew_before, life / 2);
        if (!refresh_)
            return {};
        const auto* next = body.as_object().if_contains("refresh_token");
        if (next && next->is_string() && !next->as_string().empty())
            refresh_->replace(std::string(next->as_string()));
        else
            refresh_->stays();
        return refresh_->keep();
    }

    sync::monotonic_time::duration life_of(const json::object& body) const
    {
        if (const auto relative = seconds_in(body, "expires_in"); relative && *relative > 0)
            return std::min(std::chrono::seconds(*relative), longest_life);
        std::optional<sync::wall_time> end;
        const auto latest =
            std::chrono::duration_cast<std::chrono::seconds>((clock_.wall() + longest_life).time_since_epoch());
        if (const auto epoch = seconds_in(body, "expires_at"))
            end = sync::wall_time{std::clamp(std::chrono::seconds(*epoch), std::chrono::seconds{0}, latest)};
        else if (const auto* text = body.if_contains("expires_at"); text && text->is_string())
            end = sync::time_from(text->as_string());
        // An end in the past is a clock that differs, here or there: a 401 will tell when the token has ended.
        if (end && *end > clock_.wall())
            return std::min<sync::monotonic_time::duration>(*end - clock_.wall(), longest_life);
        return options_.default_life;
    }

    sync::clock& clock_;
    sync::event_sink& events_;
    token_options options_;
    service endpoint_;
    std::optional<refresh_token> refresh_;
    std::string token_;
    sync::monotonic_time renew_at_{};
    bool signing_in_ = false;
    std::deque<asio::steady_timer*> waiting_;
    std::optional<sync::failure> refusal_;
    sync::monotonic_time refused_until_{};
};

} // namespace

std::shared_ptr<authorizer> create_token_authorizer(transport& network, sync::clock& clock, sync::random_source& random,
                                                    sync::event_sink& events, token_options options)
{
    return std::make_shared<token_authorizer>(network, clock, random, events, std::move(options));
}

} // namespace testdome_sync::http
