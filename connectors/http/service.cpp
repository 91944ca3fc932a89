#include "connectors/http/service.hpp"

#include "connectors/http/breaker.hpp"
#include "connectors/http/budget.hpp"
#include "connectors/http/retry_after.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace testdome_sync::http {
namespace asio = boost::asio;

namespace {

sync::failure stopped(const request& order)
{
    return {sync::errc::not_sent, printable(order) + ": stopped before it was sent"};
}

/// Leaves the budget on every way out.
class turn {
public:
    explicit turn(budget& of) : of_(of) {}
    ~turn() { of_.leave(); }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

private:
    budget& of_;
};

} // namespace

struct service::implementation {
    implementation(transport& through, sync::clock& on, sync::random_source& jitter, sync::event_sink& sink,
                   std::shared_ptr<authorizer> with, service_options how, std::shared_ptr<budget> common)
        : network(through), clock(on), random(jitter), events(sink), signer(std::move(with)), options(std::move(how)),
          allowance(common ? std::move(common) : std::make_shared<budget>(clock, options)), breaker(clock, options)
    {
    }

    /// What one attempt came to: an answer for the caller, a final failure, or a reason to wait and try again.
    struct attempt {
        std::optional<response> answer{};
        std::optional<sync::failure> final_failure{};
        std::optional<sync::failure> passing_failure{};
        std::optional<std::chrono::seconds> asked_wait{};
        bool counts_against_service = true; ///< false: 429, it is well and busy
        bool renewed = false;               ///< 401, and a new token may help: try at once
    };

    asio::awaitable<attempt> try_once(const request& order, effect kind, bool may_renew, const reading& read);
    attempt judge(const request& signed_order, effect kind, result<response> outcome, bool may_renew,
                  const reading& read);
    attempt judge_refused_for_now(const request& signed_order, const response& answer,
                                  const std::optional<opinion>& told);
    attempt judge_refusal(const request& signed_order, bool may_renew);
    std::chrono::milliseconds backoff(int attempt_number);
    asio::awaitable<bool> wait(std::chrono::milliseconds duration);

    transport& network;
    sync::clock& clock;
    sync::random_source& random;
    sync::event_sink& events;
    std::shared_ptr<authorizer> signer;
    service_options options;
    std::shared_ptr<budget> allowance;
    circuit_breaker breaker;
    bool refused_before = false;
};

service::service(transport& network, sync::clock& clock, sync::random_source& random, sync::event_sink& events,
                 std::shared_ptr<authorizer> signer, service_options options, std::shared_ptr<budget> allowance)
    : implementation_(std::make_unique<implementation>(network, clock, random, events, std::move(signer),
                                                       std::move(options), std::move(allowance)))
{
}

service::~service() = default;

breaker_state service::breaker() const
{
    return implementation_->breaker.state();
}

const service_options& service::options() const
{
    return implementation_->options;
}

/// Exponential with full jitter: many clients that failed together don't come back together.
std::chrono::milliseconds service::implementation::backoff(int attempt_number)
{
    const auto ceiling = std::min<std::chrono::milliseconds>(
        options.backoff_cap, options.first_backoff * (1LL << std::min(attempt_number - 1, 16)));
    return std::chrono::milliseconds(static_cast<long long>(random.uniform() * static_cast<double>(ceiling.count())) +
                                     1);
}

asio::awaitable<bool> service::implementation::wait(std::chrono::milliseconds duration)
{
    try {
        co_await clock.sleep_until(clock.now() + duration);
    } catch (const boost::system::system_error&) {
        co_return false;
    }
    co_return true;
}

asio::awaitable<sync::result<response>> service::call(request order, effect kind, reading read)
{
    auto& self = *implementation_;
    order.repeat = kind == effect::reads ? repetition::safe : repetition::never;
    if (const auto pause = self.breaker.refuses())
        co_return sync::failure{sync::errc::not_sent,
                                printable(order) + ": not sent, " + self.options.name + " has failed " +
                                    std::to_string(self.breaker.state().failures_in_a_row) + " times in a row (" +
                                    self.breaker.state().last_error + ")",
                                pause};
    bool may_renew = true;
    for (int number = 1;; ++number) {
        auto tried = co_await self.try_once(order, kind, may_renew, read);
        if (tried.answer) {
            self.breaker.succeeded();
            co_return std::move(*tried.answer);
        }
        if (tried.renewed) {
            may_renew = false;
            --number;
            continue;
        }
        if (tried.final_failure) {
            if (tried.counts_against_service)
                self.breaker.failed(tried.final_failure->detail);
            co_return std::move(*tried.final_failure);
        }
        const auto wait = std::max<std::chrono::milliseconds>(self.backoff(number),
                                                              tried.asked_wait.value_or(std::chrono::seconds{0}));
        const bool too_late = order.leave_by && self.clock.now() + wait > *order.leave_by;
        if (number >= self.options.attempts || wait > self.options.patience || too_late) {
            if (tried.counts_against_service)
                self.breaker.failed(tried.passing_failure->detail);
            tried.passing_failure->retry_after = std::chrono::ceil<std::chrono::seconds>(wait);
            co_return std::move(*tried.passing_failure);
        }
        if (!co_await self.wait(wait))
            co_return stopped(order);
    }
}

asio::awaitable<service::implementation::attempt> service::implementation::try_once(const request& order, effect kind,
                                                                                    bool may_renew, const reading& read)
{
    attempt outcome;
    auto signed_order = order;
    std::chrono::nanoseconds too_long{0};
    try {
        too_long = co_await allowance->enter(order.cost, options.patience);
    } catch (const boost::system::system_error&) {
        outcome.final_failure = stopped(order);
        outcome.counts_against_service = false;
        co_return outcome;
    }
    if (too_long.count() > 0) {
        const auto wait = std::chrono::ceil<std::chrono::seconds>(too_long);
        outcome.final_failure =
            sync::failure{sync::errc::not_sent,
                          printable(order) + ": not sent, the budget of " + options.name + " is used up for another " +
                              std::to_string(std::chrono::ceil<std::chrono::minutes>(wait).count()) + " minutes",
                          wait};
        outcome.counts_against_service = false;
        co_return outcome;
    }
    const turn held(*allowance);
    if (signer) {
        auto signature = co_await signer->sign(signed_order);
        if (!signature) {
            outcome.final_failure = std::move(signature.error());
            co_return outcome;
        }
    }
    if (order.leave_by && clock.now() > *order.leave_by) {
        outcome.final_failure =
            sync::failure{sync::errc::not_sent, printable(order) + ": not sent, its turn came too late"};
        outcome.counts_against_service = false;
        co_return outcome;
    }
    auto request_copy = signed_order;
    auto answer = co_await network.send(std::move(request_copy));
    if (answer)
        allowance->learn(*answer);
    co_return judge(signed_order, kind, std::move(answer), may_renew, read);
}

service::implementation::attempt service::implementation::judge(const request& signed_order, effect kind,
                                                                result<response> outcome, bool may_renew,
                                                                const reading& read)
{
    attempt judged;
    const auto subject = printable(signed_order);
    if (!outcome) {
        const auto& why = outcome.error();
        const bool doubtful = kind == effect::changes && why.may_have_been_carried_out;
        sync::failure told{doubtful ? sync::errc::outcome_unknown : sync::errc::not_sent, why.detail};
        const bool final = doubtful || why.code == http::errc::canceled || why.code == http::errc::invalid_url;
        judged.counts_against_service = why.code != http::errc::canceled;
        (final ? judged.final_failure : judged.passing_failure) = std::move(told);
        return judged;
    }
    const int status = outcome->status;
    if (status == 401 && signer)
        return judge_refusal(signed_order, may_renew);
    if (status == 401) {
        judged.final_failure = failure_of(signed_order, *outcome, kind);
        return judged;
    }
    const auto told = read ? read(*outcome) : std::nullopt;
    const bool overloaded = status == 408 || status >= 500;
    const bool busy = status == 429 || (overloaded && kind == effect::reads);
    if (told ? told->again : busy)
        return judge_refused_for_now(signed_order, *outcome, told);
    if (overloaded && !told) {
        judged.final_failure =
            sync::failure{sync::errc::outcome_unknown, subject + ": answered " + std::to_string(status),
                          retry_after(*outcome, clock.wall())};
        return judged;
    }
    refused_before = refused_before && status == 403;
    judged.answer = std::move(*outcome);
    return judged;
}

service::implementation::attempt service::implementation::judge_refused_for_now(const request& signed_order,
                                                                                const response& answer,
                                                                                const std::optional<opinion>& told)
{
    attempt judged;
    auto text = printable(signed_order) + ": answered " + std::to_string(answer.status);
    if (told && !told->words.empty())
        text += ": \"" + sync::printable(told->words) + '"';
    judged.passing_failure = sync::failure{sync::errc::not_sent, std::move(text)};
    judged.asked_wait = retry_after(answer, clock.wall());
    if (!judged.asked_wait && answer.status == 429)
        judged.asked_wait = allowance->wait_until_reset(answer);
    if (!judged.asked_wait && told)
        judged.asked_wait = told->wait;
    if (!judged.asked_wait && answer.status == 429 && options.pause.count() > 0)
        judged.asked_wait = options.pause;
    judged.counts_against_service = answer.status >= 500 || answer.status == 408;
    return judged;
}

service::implementation::attempt service::implementation::judge_refusal(const request& signed_order, bool may_renew)
{
    attempt judged;
    judged.counts_against_service = false;
    if (may_renew && signer->renew(signed_order)) {
        judged.renewed = true;
        return judged;
    }
    judged.final_failure = sync::failure{
        sync::errc::denied, printable(signed_order) + ": answered 401: the credentials are not accepted; check them"};
    if (!refused_before)
        events.emit("auth.failed",
                    options.name + " does not accept our credentials: " + printable(signed_order) + " answered 401",
                    {{"service", options.name}});
    refused_before = true;
    return judged;
}

} // namespace testdome_sync::http
