#include "connectors/exec/processes.hpp"

#include "connectors/exec/child.hpp"
#include "connectors/exec/descendants.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <csignal>
#include <cstring>
#include <deque>

#include <sys/wait.h>

namespace testdome_sync::exec {
namespace asio = boost::asio;
using asio::posix::stream_descriptor;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds patience{5}; ///< after its input is closed, and again after SIGTERM

/// One process and what is under way with it. Handlers keep it alive, so that it is waited for however it ends.
class process : public std::enable_shared_from_this<process> {
public:
    process(const asio::any_io_executor& loop, child& begun, std::shared_ptr<descendants> family,
            std::function<void(std::string_view)> on_errors)
        : pid_(begun.pid), family_(std::move(family)), on_errors_(std::move(on_errors)),
          life_(loop, begun.process.release()), input_(loop, begun.input.release()),
          output_(loop, begun.output.release()), errors_(loop, begun.errors.release()),
          end_(loop, asio::steady_timer::time_point::max()), rest_(loop)
    {
        family_->began(pid_);
        output_.non_blocking(true);
    }
    ~process()
    {
        kill(); // the event loop is gone, and nobody waits any more
        if (!ended_)
            ::waitpid(pid_, nullptr, WNOHANG);
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    void watch()
    {
        read_errors();
        wait_for_end();
    }

    void write(std::string text)
    {
        rest_.cancel();
        resting_ = false;
        unwritten_ += text.size();
        queue_.push_back(std::move(text)); // what is being written stays where it is
        if (queue_.size() == 1)
            write_next();
    }

    std::size_t unwritten() const { return unwritten_; }

    asio::awaitable<output> read()
    {
        const auto self = shared_from_this();
        output taken;
        error_code error;
        const auto size =
            co_await output_.async_read_some(asio::buffer(piece_), asio::redirect_error(asio::use_awaitable, error));
        taken.bytes.assign(piece_.data(), size);
        taken.at_end = error && error != asio::error::operation_aborted;
        co_return taken;
    }

    output read_available()
    {
        output taken;
        error_code error;
        const auto size = output_.read_some(asio::buffer(piece_), error);
        taken.bytes.assign(piece_.data(), error ? 0 : size);
        taken.at_end = error && error != asio::error::would_block;
        return taken;
    }

    void rest(std::chrono::milliseconds idle)
    {
        resting_ = true;
        if (idle.count() > 0)
            after(idle, [this] { end_gently(); });
        else
            end_gently();
    }

    bool listens() const { return !ended_ && input_.is_open(); }

    void close_input()
    {
        error_code ignored;
        input_.close(ignored);
    }

    void kill() { signal_session(SIGKILL); }

    /// Nobody wants anything of it any more.
    void abandon()
    {
        on_errors_ = nullptr;
        error_code ignored;
        output_.close(ignored);
        const bool is_ending_by_itself = resting_ && !input_.is_open();
        if (!is_ending_by_itself) {
            rest_.cancel();
            close_input();
            kill();
        }
    }

    asio::awaitable<std::optional<ending>> wait_until_ended()
    {
        const auto self = shared_from_this();
        error_code ignored;
        if (!ended_)
            co_await end_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return ended_;
    }

private:
    void end_gently()
    {
        close_input();
        after(patience, [this] {
            signal_session(SIGTERM);
            after(patience, [this] { kill(); });
        });
    }

    /// Its process group lives in its session; whoever has left either is left to `descendants`.
    void signal_session(int number)
    {
        if (!ended_)
            ::kill(-pid_, number);
    }

    void wait_for_end()
    {
        life_.async_wait(stream_descriptor::wait_read, [self = shared_from_this()](const error_code& error) {
            if (error)
                return;
            if (self->has_ended())
                self->take_ending();
            else
                self->wait_for_end(); // Asio may wake us for what a closed descriptor of the same number had to tell
        });
    }

    bool has_ended() const
    {
        siginfo_t how{};
        const auto nobody = ::waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOHANG | WNOWAIT) != 0;
        return nobody || how.si_pid == pid_;
    }

    /// As long as it has not been waited for, its number is nobody else's.
    void take_ending()
    {
        kill(); // those of its group who have outlived it
        siginfo_t how{};
        ::waitid(P_PID, static_cast<id_t>(pid_), &how, WEXITED | WNOHANG);
        ended_ = how.si_code == CLD_EXITED ? ending{how.si_status, 0} : ending{0, how.si_status};
        rest_.cancel();
        end_.cancel();
        close_input();
        family_->ended(pid_);
    }

    void write_next()
    {
        if (!input_.is_open())
            return;
        const auto rest = asio::buffer(queue_.front()) + written_;
        input_.async_write_some(rest, [self = shared_from_this()](const error_code& error, std::size_t size) {
            self->written_ += size;
            self->unwritten_ -= size;
            if (self->written_ == self->queue_.front().size()) {
                self->queue_.pop_front();
                self->written_ = 0;
            }
            if (!error && !self->queue_.empty())
                self->write_next();
        });
    }

    void read_errors()
    {
        errors_.async_read_some(asio::buffer(error_piece_),
                                [self = shared_from_this()](const error_code& error, std::size_t size) {
                                    if (self->on_errors_ && size > 0)
                                        self->on_errors_({self->error_piece_.data(), size});
                                    if (!error)
                                        self->read_errors();
                                });
    }

    template <class Action>
    void after(std::chrono::milliseconds wait, Action action)
    {
        rest_.expires_after(wait);
        rest_.async_wait([self = shared_from_this(), action](const error_code& error) {
            if (!error && !self->ended_)
                action();
        });
    }

    pid_t pid_;
    std::shared_ptr<descendants> family_;
    std::function<void(std::string_view)> on_errors_;
    stream_descriptor life_;
    stream_descriptor input_;
    stream_descriptor output_;
    stream_descriptor errors_;
    asio::steady_timer end_; ///< canceled when it has ended
    asio::steady_timer rest_;
    std::optional<ending> ended_;
    std::deque<std::string> queue_; ///< what is to be written; of its first, `written_` bytes are
    std::size_t written_ = 0;
    std::size_t unwritten_ = 0;
    bool resting_ = false;
    std::array<char, 16384> piece_{};
    std::array<char, 1024> error_piece_{};
};

/// The owner's handle.
class running_program final : public program {
public:
    explicit running_program(std::shared_ptr<process> of) : process_(std::move(of)) {}
    ~running_program() override { process_->abandon(); }
    running_program(const running_program&) = delete;
    running_program& operator=(const running_program&) = delete;

    void write(std::string text) override { process_->write(std::move(text)); }
    std::size_t unwritten() const override { return process_->unwritten(); }
    asio::awaitable<output> read() override { return process_->read(); }
    output read_available() override { return process_->read_available(); }
    void rest(std::chrono::milliseconds idle) override { process_->rest(idle); }
    bool listens() const override { return process_->listens(); }
    void close_input() override { process_->close_input(); }
    void kill() override { process_->kill(); }
    asio::awaitable<std::optional<ending>> wait_until_ended() override { return process_->wait_until_ended(); }

private:
    std::shared_ptr<process> process_;
};

class process_launcher final : public program_launcher {
public:
    explicit process_launcher(asio::any_io_executor event_loop) : event_loop_(std::move(event_loop)) {}

    asio::awaitable<sync::result<std::unique_ptr<program>>>
    start(const program_settings& settings, std::function<void(std::string_view)> on_error_output) override
    {
        if (!family_) {
            std::signal(SIGPIPE, SIG_IGN); // who no longer reads is told by EPIPE
            std::signal(SIGCHLD, SIG_DFL); // inherited as ignored, nobody could be waited for
            family_ = descendants::create(event_loop_);
        }
        child begun;
        try {
            begun = begin(settings);
        } catch (const boost::system::system_error& error) {
            co_return not_started(settings, error.what());
        }
        const auto made = std::make_shared<process>(event_loop_, begun, family_, std::move(on_error_output));
        made->watch();
        auto handle = std::make_unique<running_program>(made);
        stream_descriptor report(event_loop_, begun.report.release());
        start_report why{};
        error_code ended;
        const auto size = co_await asio::async_read(report, asio::buffer(&why, sizeof why),
                                                    asio::redirect_error(asio::use_awaitable, ended));
        if (size == sizeof why)
            co_return not_started(settings, to_text(why, settings));
        if (ended != asio::error::eof)
            co_return not_started(settings, "stopped before it had begun");
        co_return std::move(handle);
    }

private:
    static sync::failure not_started(const program_settings& settings, const std::string& why)
    {
        return {sync::errc::not_sent, "the program " + settings.command.front() + " was not started: " + why};
    }

    asio::any_io_executor event_loop_;
    std::shared_ptr<descendants> family_; ///< since the first start
};

} // namespace

std::string to_text(const ending& ended)
{
    if (ended.by_signal != 0)
        return "it was ended by signal " + std::to_string(ended.by_signal) + " (" + ::strsignal(ended.by_signal) + ')';
    return "it ended with status " + std::to_string(ended.status);
}

std::unique_ptr<program_launcher> create_program_launcher(asio::any_io_executor event_loop)
{
    return std::make_unique<process_launcher>(std::move(event_loop));
}

} // namespace testdome_sync::exec
