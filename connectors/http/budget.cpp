#include "connectors/http/budget.hpp"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <charconv>

namespace testdome_sync::http {
namespace asio = boost::asio;
using std::chrono::nanoseconds;

namespace {

std::optional<long long> number_in(const response& answer, const std::string& header)
{
    const auto text = header.empty() ? std::nullopt : answer.headers.find(header);
    long long number = 0;
    if (!text || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc{})
        return std::nullopt;
    return number;
}

nanoseconds per_request(const service_options& options)
{
    return nanoseconds(static_cast<long long>(1e9 / std::max(options.per_second, 0.001)));
}

} // namespace

budget::budget(sync::clock& clock, const service_options& options)
    : clock_(clock), options_(options), requests_(options.requests, options.window),
      credits_(options.credits, options.credit_window)
{
}

void budget::narrow(const service_options& options)
{
    options_.concurrent = std::min(options_.concurrent, options.concurrent);
    options_.per_second = std::min(options_.per_second, options.per_second);
    options_.burst = std::min(options_.burst, options.burst);
    requests_.narrow(options.requests, options.window);
    credits_.narrow(options.credits, options.credit_window);
}

nanoseconds budget::wait_for_rate(double cost)
{
    const auto now = clock_.now();
    const auto tolerance = per_request(options_) * static_cast<long long>(std::max(options_.burst - 1, 0.0));
    const auto allowed = std::max<sync::monotonic_time>(next_free_ - tolerance, closed_until_);
    return std::max(
        {nanoseconds(allowed - now), requests_.wait_for(1, now), credits_.wait_for(cost, now), nanoseconds::zero()});
}

asio::awaitable<nanoseconds> budget::enter(double cost, std::chrono::seconds patience)
{
    if (!co_await line_.enter(options_.concurrent))
        throw boost::system::system_error(asio::error::operation_aborted);
    try {
        for (auto wait = wait_for_rate(cost); wait > nanoseconds::zero(); wait = wait_for_rate(cost)) {
            if (wait > patience) {
                line_.leave();
                co_return wait;
            }
            co_await clock_.sleep_until(clock_.now() + wait);
        }
    } catch (...) {
        line_.leave();
        throw;
    }
    const auto now = clock_.now();
    next_free_ = std::max(next_free_, now) + per_request(options_);
    requests_.spend(1, now);
    credits_.spend(cost, now);
    co_return nanoseconds::zero();
}

void budget::leave()
{
    line_.leave();
}

std::optional<std::chrono::seconds> budget::wait_until_reset(const response& answer) const
{
    const auto reset = number_in(answer, options_.headers.reset);
    if (!reset)
        return std::nullopt;
    long long start = 0;
    if (options_.headers.reset_is == rate_headers::meaning::epoch_seconds)
        start = std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
    // A reset that is hours away is a clock that is wrong, not a window. (Bounded first: any number may stand there.)
    return std::chrono::seconds{std::clamp(*reset, start, start + 120) - start};
}

void budget::learn(const response& answer)
{
    const auto remaining = number_in(answer, options_.headers.remaining);
    const auto wait = wait_until_reset(answer);
    if (remaining && *remaining <= 0 && wait)
        closed_until_ = std::max(closed_until_, clock_.now() + *wait);
}

} // namespace testdome_sync::http
