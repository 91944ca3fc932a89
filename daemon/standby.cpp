#include "daemon/standby.hpp"

#include "daemon/service_manager.hpp"
#include "daemon/supervisor.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
namespace {

/// With the time that a lease lasts, and a moment to open the ledger, it is less than 15 s until another takes over.
constexpr std::chrono::seconds between_attempts{2};

class standby {
public:
    standby(const std::string& path, checked_configuration& configuration, sync::event_sink& events)
        : path_(path), configuration_(configuration), events_(events)
    {
    }

    std::optional<working_ledger> wait()
    {
        if (!attempt()) {
            supervisor supervised(context_, {[&] { stop(); }, [&] { reload(); }});
            supervised.supervise(keep_trying());
        }
        return std::move(opened_);
    }

private:
    bool attempt()
    {
        try {
            opened_ = open_to_work(configuration_.main.ledger, sync::ledger_access::share);
            if (!told_.empty())
                events_.emit("ledger.taken", "this process works with the ledger now");
            return true;
        } catch (const sync::ledger_held& held) {
            tell("standing by: " + std::string(held.what()));
        } catch (const sync::ledger_unreachable& unreachable) {
            tell("waiting: " + std::string(unreachable.what()));
        }
        return false;
    }

    /// Each new reason once.
    void tell(const std::string& why)
    {
        if (why != told_)
            events_.emit("ledger.standby", why);
        told_ = why;
        tell_ready(why);
    }

    asio::awaitable<void> keep_trying()
    {
        do {
            boost::system::error_code stopped;
            timer_.expires_after(between_attempts);
            co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, stopped));
        } while (!stopping_ && !attempt());
    }

    void stop()
    {
        stopping_ = true;
        tell_stopping();
        events_.emit("service.stopping", "asked to stop while another process worked with the ledger");
        timer_.cancel();
    }

    void reload()
    {
        tell_reloading();
        try {
            configuration_ = read_configuration(path_);
        } catch (const config::configuration_error& error) {
            tell_invalid(error, events_);
        }
        tell_ready(told_);
    }

    const std::string& path_;
    checked_configuration& configuration_;
    sync::event_sink& events_;
    asio::io_context context_{1};
    asio::steady_timer timer_{context_};
    std::optional<working_ledger> opened_;
    std::string told_;
    bool stopping_ = false;
};

} // namespace

std::optional<working_ledger> stand_by(const std::string& path, checked_configuration& configuration,
                                       sync::event_sink& events)
{
    return standby(path, configuration, events).wait();
}

void tell_invalid(const config::configuration_error& error, sync::event_sink& events)
{
    for (const auto& problem : error.found().list())
        events.emit("config.invalid", "not in force, the configuration of before goes on: " + problem.where.text() +
                                          ": " + problem.message);
}

} // namespace testdome_sync::daemon
