#pragma once

#include "connectors/exec/program.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace testdome_sync::testing {

/// What a scripted program does when it gets a line.
struct reaction {
    std::string output;
    std::string errors{};
    bool ends = false; ///< closes its output afterwards
};

/// Programs that are functions from line to reaction: they run in virtual time, and no process is started.
class scripted_programs final : public exec::program_launcher {
public:
    using script = std::function<reaction(const std::string& line)>;

    explicit scripted_programs(script what = {}) : script_(std::move(what)) {}

    boost::asio::awaitable<sync::result<std::unique_ptr<exec::program>>>
    start(const exec::program_settings&, std::function<void(std::string_view)> on_error_output) override
    {
        ++started;
        if (refuses)
            co_return sync::failure{sync::errc::not_sent, "scripted refusal"};
        co_return std::make_unique<scripted>(*this, std::move(on_error_output));
    }

    void on_line(script what) { script_ = std::move(what); }

    int started = 0;
    int killed = 0; ///< ended by us while they were not at rest
    int running = 0;
    bool refuses = false;
    bool is_deaf = false;                    ///< they don't read
    std::optional<exec::ending> ends_with{}; ///< once their output is closed
    std::vector<std::string> heard;          ///< every line that was written to any of them

private:
    class scripted final : public exec::program {
    public:
        scripted(scripted_programs& world, std::function<void(std::string_view)> on_errors)
            : world_(world), on_errors_(std::move(on_errors))
        {
            ++world_.running;
        }
        ~scripted() override
        {
            --world_.running;
            if (!rests_ && !at_end_)
                ++world_.killed;
        }
        scripted(const scripted&) = delete;
        scripted& operator=(const scripted&) = delete;

        void write(std::string text) override
        {
            rests_ = false;
            if (world_.is_deaf) {
                unwritten_ += text.size();
                return;
            }
            text.pop_back();
            world_.heard.push_back(text);
            auto made = world_.script_(text);
            output_ += made.output;
            at_end_ = at_end_ || made.ends;
            if (!made.errors.empty())
                on_errors_(made.errors);
        }
        std::size_t unwritten() const override { return unwritten_; }

        boost::asio::awaitable<exec::output> read() override
        {
            if (output_.empty() && !at_end_) {
                boost::asio::steady_timer never(co_await boost::asio::this_coro::executor,
                                                boost::asio::steady_timer::time_point::max());
                boost::system::error_code ignored;
                co_await never.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
                co_return exec::output{};
            }
            co_return read_available();
        }
        exec::output read_available() override
        {
            exec::output given{std::exchange(output_, {}), false};
            given.at_end = at_end_ && given.bytes.empty();
            return given;
        }
        void rest(std::chrono::milliseconds) override { rests_ = true; }
        bool listens() const override { return true; }
        void close_input() override {}
        void kill() override { at_end_ = true; }
        boost::asio::awaitable<std::optional<exec::ending>> wait_until_ended() override { co_return world_.ends_with; }

    private:
        scripted_programs& world_;
        std::function<void(std::string_view)> on_errors_;
        std::string output_;
        std::size_t unwritten_ = 0;
        bool at_end_ = false;
        bool rests_ = false;
    };

    script script_;
};

} // namespace testdome_sync::testing
