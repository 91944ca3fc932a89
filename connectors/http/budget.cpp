#include "connectors/http/budget.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
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

asio::awaitable<void> budget::wait_for_slot()
{
    if (in_flight_ < options_.concurrent) {
        ++in_flight_;
        co_return;
    }
    asio::steady_timer turn(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    queue_.push_back(&turn);
    boost::system::error_code ignored;
    co_await turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    const auto place = std::ranges::find(queue_, &turn);
    if (place != queue_.end()) { // nobody gave us a slot: we were canceled
        queue_.erase(place);
        throw boost::system::system_error(asio::error::operation_aborted);
    }
}

void budget::give_slot()
{
    if (queue_.empty()) {
        --in_flight_;
        return;
    }
    auto* next = queue_.front(); // takes over the slot, so that nobody can overtake it
    queue_.pop_front();
    next->cancel();
}

nanoseconds budget::wait_for_rate() const
{
    const auto tolerance = per_request(options_) * static_cast<long long>(std::max(options_.burst - 1, 0.0));
    const auto allowed = std::max<sync::monotonic_time>(next_free_ - tolerance, closed_until_);
    return std::max<nanoseconds>(allowed - clock_.now(), nanoseconds::zero());
}

asio::awaitable<void> budget::enter()
{
    co_await wait_for_slot();
    try {
        for (auto wait = wait_for_rate(); wait > nanoseconds::zero(); wait = wait_for_rate())
            co_await clock_.sleep_until(clock_.now() + wait);
    } catch (...) {
        give_slot();
        throw;
    }
    next_free_ = std::max(next_free_, clock_.now()) + per_request(options_);
}

void budget::leave()
{
    give_slot();
}

void budget::learn(const response& answer)
{
    const auto remaining = number_in(answer, options_.headers.remaining);
    const auto reset = number_in(answer, options_.headers.reset);
    if (!remaining || *remaining > 0 || !reset)
        return;
    // Nonsensical numbers, too, must be something that can be counted with.
    auto wait = std::chrono::seconds(std::clamp(*reset, 0LL, 100'000'000'000LL));
    if (options_.headers.reset_is == rate_headers::meaning::epoch_seconds)
        wait -= std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch());
    // A reset that is hours away is a clock that is wrong, not a window.
    wait = std::clamp(wait, std::chrono::seconds{0}, std::chrono::seconds{120});
    closed_until_ = std::max(closed_until_, clock_.now() + wait);
}

} // namespace testdome_sync::http
