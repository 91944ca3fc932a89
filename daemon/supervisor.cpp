#include "daemon/supervisor.hpp"

#include "daemon/commands.hpp"
#include "daemon/memory.hpp"
#include "daemon/service_manager.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include <csignal>
#include <cstdlib>

namespace testdome_sync::daemon {
namespace asio = boost::asio;

namespace {

// Asked, a request in flight may finish; then it is told to end, and says what it knows of its outcome. TimeoutStopSec
// is 20 s.
constexpr std::chrono::seconds patience{7};
constexpr std::chrono::seconds insistence{2};

} // namespace

supervisor::supervisor(asio::io_context& context, duties of)
    : context_(context), duties_(std::move(of)), stop_(std::make_unique<asio::signal_set>(context, SIGTERM, SIGINT)),
      reload_(context), limit_(context), watchdog_(context)
{
    if (duties_.reload)
        reload_.add(SIGHUP);
}

void supervisor::supervise(asio::awaitable<void> work)
{
    wait_for_stop();
    if (duties_.reload)
        wait_for_reload();
    feed_watchdog();
    asio::co_spawn(
        context_, std::move(work),
        asio::bind_cancellation_slot(cancellation_.slot(), [this](std::exception_ptr error) { end(error); }));
    while (!context_.stopped())
        try {
            run_thriftily(context_);
        } catch (...) {
            break_off(std::current_exception());
        }
    if (asked_to_stop_)
        ignore_further_requests();
    if (breach_)
        std::rethrow_exception(breach_);
    if (failure_ && !asked_to_stop_)
        std::rethrow_exception(failure_);
}

/// Whoever catches it puts away what the work uses, which must have ended by then.
void supervisor::break_off(std::exception_ptr breach)
{
    if (!breach_)
        breach_ = breach;
    insist();
}

void supervisor::end(std::exception_ptr failure)
{
    failure_ = failure;
    ended_ = true;
    stop_->cancel();
    reload_.cancel();
    limit_.cancel();
    watchdog_.cancel();
    context_.stop(); // kept connections would hold the loop until they are due to be closed
}

/// The ledger is still to be closed, and the end is no other one for being asked for twice. The set is kept for ever:
/// its destructor would give the signals their usual meaning back.
void supervisor::ignore_further_requests()
{
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGINT, SIG_IGN);
    [[gnu::used]] static const auto* const kept = stop_.release(); // used: or to LeakSanitizer it is lost
}

void supervisor::wait_for_stop()
{
    stop_->async_wait([this](const boost::system::error_code& error, int) {
        if (!error)
            stop();
    });
}

void supervisor::wait_for_reload()
{
    reload_.async_wait([this](const boost::system::error_code& error, int) {
        if (error)
            return;
        duties_.reload();
        wait_for_reload();
    });
}

void supervisor::stop()
{
    asked_to_stop_ = true;
    duties_.stop();
    after(patience, [this] { insist(); });
}

void supervisor::insist()
{
    cancellation_.emit(asio::cancellation_type::terminal);
    // Whoever still hangs now is torn away as by a crash, which the ledger is made for.
    after(insistence, [] { std::_Exit(exit_status::temporary_failure); });
}

void supervisor::after(std::chrono::seconds wait, std::function<void()> action)
{
    limit_.expires_after(wait);
    limit_.async_wait([this, action = std::move(action)](const boost::system::error_code& error) {
        if (!error && !ended_)
            action();
    });
}

/// Fed by the loop itself: a loop that hangs is ended and started anew by systemd.
void supervisor::feed_watchdog()
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

} // namespace testdome_sync::daemon
