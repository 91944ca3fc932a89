#include "daemon/assembly.hpp"
#include "daemon/commands.hpp"
#include "daemon/lock_file.hpp"
#include "daemon/log_writer.hpp"
#include "daemon/memory.hpp"
#include "daemon/service_manager.hpp"
#include "sync/engine.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <optional>

namespace testdome_sync::daemon {
namespace asio = boost::asio;

namespace {

// Asked, a request in flight may finish; then it is told to end, and says what it knows of its outcome. TimeoutStopSec
// is 20 s.
constexpr std::chrono::seconds patience{7};
constexpr std::chrono::seconds insistence{2};

/// Runs the engine until it ends or the process is asked to: ask, wait, insist, wait, leave.
class supervisor {
public:
    explicit supervisor(assembly& program)
        : program_(program), engine_(program.context().get_executor(), program.world()),
          signals_(program.context(), SIGTERM, SIGINT), limit_(program.context()), watchdog_(program.context())
    {
    }

    template <class Work>
    void supervise(Work work)
    {
        wait_for_signal();
        feed_watchdog();
        asio::co_spawn(program_.context(), work(engine_),
                       asio::bind_cancellation_slot(cancellation_.slot(), [this](std::exception_ptr error) {
                           failure_ = error;
                           ended_ = true;
                           signals_.cancel();
                           limit_.cancel();
                           watchdog_.cancel();
                           // Kept connections would hold the loop until they are due to be closed.
                           program_.context().stop();
                       }));
        run_thriftily(program_.context());
        if (failure_ && !asked_to_stop_)
            std::rethrow_exception(failure_);
    }

private:
    void wait_for_signal()
    {
        signals_.async_wait([this](const boost::system::error_code& error, int) {
            if (!error)
                stop();
        });
    }

    void stop()
    {
        asked_to_stop_ = true;
        tell_stopping();
        program_.events().emit("service.stopping", "asked to stop; requests in flight are finished first");
        engine_.stop();
        after(patience, [this] {
            cancellation_.emit(asio::cancellation_type::terminal);
            // Whoever still hangs now is torn away as by a crash, which the ledger is made for.
            after(insistence, [] { std::_Exit(exit_status::temporary_failure); });
        });
    }

    template <class Action>
    void after(std::chrono::seconds wait, Action action)
    {
        limit_.expires_after(wait);
        limit_.async_wait([this, action](const boost::system::error_code& error) {
            if (!error && !ended_)
                action();
        });
    }

    /// Fed by the loop itself: a loop that hangs is ended and started anew by systemd.
    void feed_watchdog()
    {
        const auto interval = watchdog_interval();
        if (!interval || ended_)
            return;
        tell_watchdog();
        watchdog_.expires_after(*interval);
        watchdog_.async_wait([this](const boost::system::error_code& error) {
            if (!error)
                feed_watchdog();
        });
    }

    assembly& program_;
    sync::engine engine_;
    asio::signal_set signals_;
    asio::steady_timer limit_;
    asio::steady_timer watchdog_;
    asio::cancellation_signal cancellation_;
    std::exception_ptr failure_;
    bool asked_to_stop_ = false;
    bool ended_ = false;
};

struct prepared {
    std::unique_ptr<lock_file> lock;
    std::unique_ptr<assembly> program;
};

prepared prepare(const common_options& options)
{
    auto configuration = read_configuration(options.config);
    auto events = create_log_writer(configuration.main.log, create_sink(configuration.main.log.format));
    events->emit("service.started",
                 "testdome-sync " TESTDOME_SYNC_VERSION ", " + std::to_string(configuration.mappings.size()) +
                     " mapping(s)",
                 {{"version", TESTDOME_SYNC_VERSION}});
    const auto path = configuration.main.ledger_path;
    prepared made;
    made.lock = std::make_unique<lock_file>(path + ".lock");
    auto ledger = sync::open_sqlite_ledger(path, sync::ledger_access::write);
    made.program = std::make_unique<assembly>(std::move(configuration), std::move(ledger), std::move(events));
    return made;
}

} // namespace

int run(const common_options& options)
{
    auto made = prepare(options);
    supervisor supervised(*made.program);
    const auto count = made.program->world().mappings.size();
    const bool listens = !made.program->world().settings.listen.empty();
    made.program->events().emit("service.ready", "polling " + std::to_string(count) + " mapping(s)" +
                                                     (listens ? "; \"listen\" has no effect in this version" : ""));
    tell_ready("polling " + std::to_string(count) + " mapping(s)");
    supervised.supervise([](sync::engine& engine) { return engine.run(); });
    return exit_status::well;
}

int once(const common_options& options)
{
    auto made = prepare(options);
    supervisor supervised(*made.program);
    bool everything_answered = false;
    supervised.supervise(
        [&](sync::engine& engine) -> asio::awaitable<void> { everything_answered = co_await engine.run_once(); });
    return everything_answered ? exit_status::well : exit_status::temporary_failure;
}

} // namespace testdome_sync::daemon
