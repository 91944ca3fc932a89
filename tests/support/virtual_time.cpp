#include "tests/support/virtual_time.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace testdome_sync::testing {
namespace asio = boost::asio;

virtual_clock::virtual_clock(sync::wall_time wall_at_start) : wall_(wall_at_start), world_(wall_at_start) {}

sync::wall_time virtual_clock::default_start()
{
    using namespace std::chrono;
    return sys_days{2026y / November / 24} + 8h;
}

asio::awaitable<void> virtual_clock::sleep_until(sync::monotonic_time when)
{
    if (when <= now_)
        co_return;
    asio::steady_timer timer(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
    const auto key = std::pair(when, ++sleepers_);
    waiting_.emplace(key, &timer);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    waiting_.erase(key);
    if (now_ < when)
        throw boost::system::system_error(asio::error::operation_aborted);
}

void virtual_clock::move_to(sync::monotonic_time when)
{
    const auto passed = std::chrono::duration_cast<sync::wall_time::duration>(when - now_);
    wall_ += passed;
    world_ += passed;
    now_ = when;
}

void virtual_clock::suspend(std::chrono::seconds time)
{
    wall_ += time;
    world_ += time;
}

void virtual_clock::stand_still(std::chrono::nanoseconds time)
{
    move_to(now_ + std::chrono::duration_cast<sync::monotonic_time::duration>(time));
    run_for(std::chrono::nanoseconds{0});
}

std::optional<sync::monotonic_time> virtual_clock::next() const
{
    std::optional<sync::monotonic_time> first;
    if (!waiting_.empty())
        first = waiting_.begin()->first.first;
    if (!scheduled_.empty() && (!first || scheduled_.begin()->first < *first))
        first = scheduled_.begin()->first;
    return first;
}

void virtual_clock::schedule(sync::monotonic_time when, std::function<void()> what)
{
    scheduled_.emplace(when, std::move(what));
}

void virtual_clock::run_ready()
{
    context_.restart();
    if (!step_limit) {
        while (context_.poll() > 0)
            context_.restart();
        return;
    }
    while (*step_limit > 0 && context_.poll_one() > 0)
        --*step_limit;
}

bool virtual_clock::advance(sync::monotonic_time not_after)
{
    run_ready();
    const bool world_is_first =
        !scheduled_.empty() && (waiting_.empty() || scheduled_.begin()->first <= waiting_.begin()->first.first);
    if (world_is_first) {
        if (scheduled_.begin()->first > not_after)
            return false;
        auto next = scheduled_.extract(scheduled_.begin());
        if (next.key() > now_)
            move_to(next.key());
        next.mapped()();
        run_ready();
        return true;
    }
    if (waiting_.empty() || waiting_.begin()->first.first > not_after)
        return false;
    const auto earliest = waiting_.begin();
    auto* timer = earliest->second;
    if (earliest->first.first > now_)
        move_to(earliest->first.first);
    waiting_.erase(earliest);
    timer->cancel();
    run_ready();
    return true;
}

bool virtual_clock::step_until(const std::function<bool()>& reached, std::chrono::nanoseconds patience)
{
    const auto end = now_ + std::chrono::duration_cast<sync::monotonic_time::duration>(patience);
    step_limit = 0; // each step is made here
    do {
        for (context_.restart(); !reached() && context_.poll_one() > 0;) {
        }
    } while (!reached() && advance(end));
    step_limit.reset();
    return reached();
}

void virtual_clock::run_for(std::chrono::nanoseconds duration)
{
    const auto end = now_ + std::chrono::duration_cast<sync::monotonic_time::duration>(duration);
    while (advance(end)) {
    }
    move_to(end);
    run_ready();
}

double seeded_random::uniform()
{
    // SplitMix64 (public domain, Vigna): enough for jitter, and the same everywhere.
    state_ += 0x9E3779B97F4A7C15U;
    auto mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    mixed ^= mixed >> 31;
    return static_cast<double>(mixed >> 11) * 0x1.0p-53;
}

} // namespace testdome_sync::testing
