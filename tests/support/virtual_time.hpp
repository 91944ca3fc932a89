#pragma once

#include "sync/clock.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <utility>

namespace testdome_sync::testing {

/// Virtual time on a real io_context: sleepers wait on timers that never run out; `advance()` jumps to the earliest one
/// and cancels it. A day of polls takes milliseconds and goes the same way each time. The wall clock of the machine may
/// be wrong and can be set; the rest of the world has the right time.
class virtual_clock final : public sync::clock {
public:
    explicit virtual_clock(sync::wall_time wall_at_start = default_start());

    sync::monotonic_time now() const override { return now_; }
    sync::wall_time wall() const override { return wall_; }
    boost::asio::awaitable<void> sleep_until(sync::monotonic_time when) override;

    /// As a time server or an administrator does it: nobody wakes up, and the rest of the world doesn't care.
    void jump_wall(std::chrono::seconds by) { wall_ += by; }
    /// The machine sleeps: time goes on for the world, and `now()` doesn't notice.
    void suspend(std::chrono::seconds time);
    /// The machine stands still, its clocks go on: whoever was due meanwhile wakes up late, and now.
    void stand_still(std::chrono::nanoseconds time);
    /// When something happens next; nothing if nobody waits.
    std::optional<sync::monotonic_time> next() const;
    /// What the rest of the world takes for the time.
    sync::wall_time world_time() const { return world_; }

    /// Calls `what` once `when` has come. For the rest of the world: it happens whatever becomes of the program.
    void schedule(sync::monotonic_time when, std::function<void()> what);

    boost::asio::io_context& context() { return context_; }

    /// Runs whatever is ready; returns when everybody waits, or when `step_limit` is used up.
    void run_ready();
    /// How many more steps between two waits may run: whoever sets it ends the program between any two of them.
    std::optional<long> step_limit;
    /// Runs whatever is ready, then jumps to the earliest sleeper if it is due by then. False if there is none.
    bool advance(sync::monotonic_time not_after = sync::monotonic_time::max());
    /// Goes on step by step until `reached`, which is asked after each. False if that takes longer than `patience`.
    bool step_until(const std::function<bool()>& reached, std::chrono::nanoseconds patience);
    /// Lets this much time pass.
    void run_for(std::chrono::nanoseconds duration);

    static sync::wall_time default_start(); ///< 2026-11-24T08:00:00Z

private:
    void move_to(sync::monotonic_time when);

    boost::asio::io_context context_{1};
    sync::monotonic_time now_{std::chrono::hours{1}};
    sync::wall_time wall_;
    sync::wall_time world_;
    std::multimap<sync::monotonic_time, std::function<void()>> scheduled_;
    std::uint64_t sleepers_ = 0; ///< numbers them, so that equal times wake in order of arrival
    std::map<std::pair<sync::monotonic_time, std::uint64_t>, boost::asio::steady_timer*> waiting_;
};

/// Jitter that is the same in each run.
class seeded_random final : public sync::random_source {
public:
    explicit seeded_random(std::uint64_t seed = 1) : state_(seed) {}
    double uniform() override;

private:
    std::uint64_t state_;
};

/// Runs one coroutine to its end, letting as much virtual time pass as it needs.
template <class T>
T run(virtual_clock& clock, boost::asio::awaitable<T> work)
{
    std::exception_ptr thrown;
    bool ended = false;
    if constexpr (std::is_void_v<T>) {
        boost::asio::co_spawn(clock.context(), std::move(work), [&](std::exception_ptr error) {
            thrown = error;
            ended = true;
        });
        while (!ended && clock.advance()) {
        }
        if (thrown)
            std::rethrow_exception(thrown);
        if (!ended)
            throw std::logic_error("the coroutine waits for something that never comes");
    } else {
        std::optional<T> answer;
        boost::asio::co_spawn(clock.context(), std::move(work), [&](std::exception_ptr error, T value) {
            thrown = error;
            ended = true;
            if (!error)
                answer.emplace(std::move(value));
        });
        while (!ended && clock.advance()) {
        }
        if (thrown)
            std::rethrow_exception(thrown);
        if (!answer)
            throw std::logic_error("the coroutine waits for something that never comes");
        return std::move(*answer);
    }
}

} // namespace testdome_sync::testing
