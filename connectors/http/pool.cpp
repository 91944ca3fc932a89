#include "connectors/http/pool.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace testdome_sync::http {
namespace asio = boost::asio;
using std::chrono::steady_clock;

connection_pool::connection_pool(asio::any_io_executor executor, std::size_t per_origin,
                                 std::chrono::seconds idle_limit)
    : executor_(executor), per_origin_(per_origin), idle_limit_(idle_limit), closing_(executor)
{
}

connection_pool::~connection_pool()
{
    *alive_ = false;
}

connection_pool::slot::~slot()
{
    if (pool_)
        pool_->release(origin_);
}

asio::awaitable<connection_pool::slot> connection_pool::acquire(std::string origin,
                                                                std::function<void(std::function<void()>)> on_wait)
{
    auto& queue = lines_[origin];
    if (queue.in_use < per_origin_) {
        ++queue.in_use;
        co_return slot(*this, std::move(origin));
    }
    asio::steady_timer turn(executor_, steady_clock::time_point::max());
    queue.waiting.push_back(&turn);
    on_wait([&turn] { turn.cancel(); });
    boost::system::error_code ignored;
    co_await turn.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    on_wait(nullptr);
    auto& waiting = lines_[origin].waiting;
    const auto place = std::ranges::find(waiting, &turn);
    if (place == waiting.end()) // release() took us out of the line and left us its place
        co_return slot(*this, std::move(origin));
    waiting.erase(place);
    co_return slot{};
}

void connection_pool::release(const std::string& origin)
{
    auto& queue = lines_[origin];
    if (queue.waiting.empty()) {
        --queue.in_use;
        return;
    }
    auto* next = queue.waiting.front();
    queue.waiting.pop_front();
    next->cancel();
}

std::unique_ptr<connection> connection_pool::take_idle(const std::string& origin)
{
    auto& idle = lines_[origin].idle;
    while (!idle.empty()) {
        auto newest = std::move(idle.back().idle);
        idle.pop_back();
        if (newest->is_quiet())
            return newest;
    }
    return nullptr;
}

void connection_pool::keep(const std::string& origin, std::unique_ptr<connection> idle)
{
    lines_[origin].idle.push_back({std::move(idle), steady_clock::now() + idle_limit_});
    arm();
}

void connection_pool::close_old()
{
    const auto now = steady_clock::now();
    for (auto& [origin, queue] : lines_)
        while (!queue.idle.empty() && queue.idle.front().until <= now)
            queue.idle.pop_front();
    arm();
}

void connection_pool::arm()
{
    auto earliest = steady_clock::time_point::max();
    for (const auto& [origin, queue] : lines_)
        if (!queue.idle.empty())
            earliest = std::min(earliest, queue.idle.front().until);
    if (earliest == steady_clock::time_point::max()) {
        closing_.cancel();
        return;
    }
    if (earliest == closing_.expiry())
        return;
    closing_.expires_at(earliest);
    closing_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
        if (!error && *alive)
            close_old();
    });
}

} // namespace testdome_sync::http
