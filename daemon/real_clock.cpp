#include "daemon/real_clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace testdome_sync::daemon {

boost::asio::awaitable<void> real_clock::sleep_until(sync::monotonic_time when)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, when);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

} // namespace testdome_sync::daemon
