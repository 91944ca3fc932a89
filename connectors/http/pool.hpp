#pragma once

#include "connectors/http/connection.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace testdome_sync::http {

/// How many exchanges an origin has at once, and the connections that wait for the next one. Wakes up only when a kept
/// connection is due to be closed. One thread.
class connection_pool {
public:
    connection_pool(boost::asio::any_io_executor executor, std::size_t per_origin, std::chrono::seconds idle_limit);
    ~connection_pool();

    /// The right to one exchange; given back when it is destroyed.
    class slot {
    public:
        slot() = default;
        slot(connection_pool& pool, std::string origin) : pool_(&pool), origin_(std::move(origin)) {}
        slot(slot&& other) noexcept : pool_(std::exchange(other.pool_, nullptr)), origin_(std::move(other.origin_)) {}
        slot& operator=(slot&&) = delete;
        ~slot();
        bool taken() const { return pool_ != nullptr; }

    private:
        connection_pool* pool_ = nullptr;
        std::string origin_;
    };

    /// Waits in line. `on_wait` is given a function that ends the waiting; then, or when canceled, the slot isn't
    /// taken.
    boost::asio::awaitable<slot> acquire(std::string origin, std::function<void(std::function<void()>)> on_wait);

    /// A kept connection that is still quiet, or null.
    std::unique_ptr<connection> take_idle(const std::string& origin);
    void keep(const std::string& origin, std::unique_ptr<connection> idle);

private:
    struct kept {
        std::unique_ptr<connection> idle;
        std::chrono::steady_clock::time_point until;
    };
    struct line {
        std::size_t in_use = 0;
        std::deque<boost::asio::steady_timer*> waiting; ///< timers that never run out: places to wait
        std::deque<kept> idle;                          ///< oldest first
    };
    void release(const std::string& origin);
    void close_old();
    void arm();

    boost::asio::any_io_executor executor_;
    std::size_t per_origin_;
    std::chrono::seconds idle_limit_;
    std::map<std::string, line> lines_;
    boost::asio::steady_timer closing_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace testdome_sync::http
