#include "daemon/background_check.hpp"

#include "daemon/memory.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <exception>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

namespace testdome_sync::daemon {
namespace asio = boost::asio;

background_check::background_check(asio::io_context& loop, const config::ledger_settings& of)
{
    if (!of.is_file())
        return;
    auto check = std::make_unique<sync::ledger_check>(of.path);
    if (!check->is_needed())
        return;
    check_ = std::move(check);
    thread_ = std::thread([this, &loop] { look_through(loop); });
}

background_check::~background_check()
{
    if (!thread_.joinable())
        return;
    const auto done = done_.get_future();
    do
        check_->interrupt();
    while (done.wait_for(std::chrono::milliseconds{10}) == std::future_status::timeout);
    thread_.join();
}

void background_check::look_through(asio::io_context& loop)
{
    ::pthread_setname_np(::pthread_self(), "ledger-check");
    // On Linux of this thread alone. The unit's list of system calls lacks it, which is no failure.
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
    try {
        check_->run();
        asio::post(loop, [] { give_memory_back(); });
    } catch (...) {
        asio::post(loop, [damage = std::current_exception()] { std::rethrow_exception(damage); });
    }
    done_.set_value();
}

} // namespace testdome_sync::daemon
