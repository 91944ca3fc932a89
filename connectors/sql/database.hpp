#pragma once

#include "connectors/sql/connection.hpp"
#include "connectors/sql/errors.hpp"
#include "connectors/sql/worker.hpp"
#include "connectors/waiting_line.hpp"
#include "sync/failure.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/result.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace testdome_sync::sql {

/// What became of a piece of work that has failed.
struct work_failure {
    trouble kind = trouble::unknown;
    std::string text; ///< for people, with the database's name
};
[[noreturn]] void throw_exception_from_error(const work_failure& failure, const boost::source_location& where);
template <class T>
using answer = boost::system::result<T, work_failure>;

/// The database of one mapping as the event loop sees it: one connection, made when it is needed, used for one purpose
/// at a time, and closed when nobody has needed it for a while. The event loop's thread only.
class database {
public:
    database(const database_settings& settings, boost::asio::any_io_executor loop, boost::asio::any_io_executor threads,
             sync::clock& clock);
    ~database();
    database(const database&) = delete;
    database& operator=(const database&) = delete;

    /// The right to use the connection. If it ends while a transaction is open, the connection is given up, and with it
    /// the transaction.
    class turn {
    public:
        turn() = default;
        explicit turn(database& of) : of_(&of) {}
        turn(turn&& other) noexcept : in_transaction(other.in_transaction), of_(std::exchange(other.of_, nullptr)) {}
        turn& operator=(turn&&) = delete;
        ~turn();
        bool taken() const { return of_ != nullptr; }
        bool in_transaction = false;

    private:
        database* of_ = nullptr;
    };

    /// Waits in line. Not taken: canceled.
    boost::asio::awaitable<turn> take_turn();

    /// Carries out `work` on a worker thread with the connection, which is opened first if there is none. What `work`
    /// uses must be its own: when `until` has come, or after a cancellation, it is interrupted, and not waited for.
    /// A connection that has failed is not used again.
    template <class T>
    boost::asio::awaitable<answer<T>> run(std::function<T(connection&)> work, sync::monotonic_time until)
    {
        auto value = std::make_shared<std::optional<T>>();
        std::function<void(connection&)> keep = [value, work = std::move(work)](connection& open) {
            value->emplace(work(open));
        };
        auto failed = co_await run_job(std::move(keep), until);
        if (failed)
            co_return std::move(*failed);
        co_return std::move(**value);
    }

    const database_settings& settings() const { return settings_; }
    bool connected() const { return connection_ != nullptr; }

private:
    struct job;
    boost::asio::awaitable<std::optional<work_failure>> run_job(std::function<void(connection&)> work,
                                                                sync::monotonic_time until);
    void release(bool in_transaction);
    void close_when_idle();

    const database_settings settings_;
    boost::asio::any_io_executor loop_;
    sync::clock& clock_;
    worker worker_;
    std::shared_ptr<connection> connection_;
    connectors::waiting_line line_;
    boost::asio::steady_timer closing_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// What the engine has to know of a failure. `irrevocable`: something may have been changed that nobody takes back.
sync::failure failure_of(const work_failure& failed, bool irrevocable = false);

} // namespace testdome_sync::sql
