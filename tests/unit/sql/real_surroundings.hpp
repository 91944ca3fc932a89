#pragma once

#include "connectors/surroundings.hpp"
#include "connectors/worker_threads.hpp"
#include "tests/support/recorded_events.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

namespace testdome_sync::testing {

/// A database takes real time on a real thread, so the clock is real as well.
class ticking_clock final : public sync::clock {
public:
    explicit ticking_clock(boost::asio::io_context& context) : context_(context) {}
    sync::monotonic_time now() const override { return std::chrono::steady_clock::now(); }
    sync::wall_time wall() const override { return std::chrono::system_clock::now(); }
    boost::asio::awaitable<void> sleep_until(sync::monotonic_time when) override
    {
        boost::asio::steady_timer timer(context_, when);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

private:
    boost::asio::io_context& context_;
};

class no_chance final : public sync::random_source {
public:
    double uniform() override { return 0.5; }
};

/// What the daemon lends to a connector, for connectors that need no network.
class real_surroundings final : public connectors::surroundings {
public:
    sync::clock& clock() override { return clock_; }
    sync::random_source& random() override { return random_; }
    sync::event_sink& events() override { return events_; }
    http::transport& network(const std::string&, const std::string&) override
    {
        throw std::logic_error("a database needs no HTTP");
    }
    sync::token_store& tokens() override { throw std::logic_error("no sign-in is expected"); }
    http::shared_access& shared_access() override { throw std::logic_error("no sign-in is expected"); }
    exec::program_launcher& programs() override { throw std::logic_error("no program is expected"); }
    boost::asio::any_io_executor event_loop() override { return context_.get_executor(); }
    boost::asio::any_io_executor new_worker() override { return workers_.begin(); }

    boost::asio::io_context& context() { return context_; }

    /// Runs the loop until `work` has ended.
    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        std::optional<T> value;
        std::exception_ptr failure;
        boost::asio::co_spawn(context_, std::move(work), [&](std::exception_ptr error, T result) {
            failure = error;
            if (!error)
                value.emplace(std::move(result));
        });
        context_.restart();
        while (!value && !failure && context_.run_one() > 0) {
        }
        if (failure)
            std::rethrow_exception(failure);
        return std::move(*value);
    }

private:
    boost::asio::io_context context_{1};
    ticking_clock clock_{context_};
    no_chance random_;
    recorded_events events_;
    connectors::worker_threads workers_;
};

} // namespace testdome_sync::testing
