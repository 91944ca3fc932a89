#include "connectors/sql/database.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>

namespace testdome_sync::sql {
namespace asio = boost::asio;
using sync::errc;
namespace {

/// Write-backs come in bursts; a poll every few minutes doesn't need a connection in between.
constexpr std::chrono::seconds idle_limit{30};

bool ends_the_connection(trouble kind)
{
    switch (kind) {
    case trouble::unreachable:
    case trouble::lost:
    case trouble::too_long:
    case trouble::unknown: return true;
    case trouble::busy:
    case trouble::denied:
    case trouble::refused:
    case trouble::wrong_statement: return false;
    }
    return true;
}

} // namespace

void throw_exception_from_error(const work_failure& failure, const boost::source_location& where)
{
    boost::throw_exception(std::runtime_error(failure.text), where);
}

/// What a worker does; shared, as the loop may stop waiting for it.
struct database::job {
    job(const database_settings& of, std::function<void(connection&)> wanted) : settings(of), work(std::move(wanted)) {}

    database_settings settings;
    std::function<void(connection&)> work;
    std::optional<work_failure> failed{}; ///< read by the loop only once the work has ended

    std::mutex guard{};
    std::shared_ptr<connection> open{};
    bool given_up = false;

    void carry_out()
    {
        try {
            auto used = opened();
            if (used)
                work(*used);
        } catch (const database_error& error) {
            failed = work_failure{error.kind, error.what()};
        } catch (const std::exception& error) {
            failed = work_failure{trouble::unknown, shown(settings) + ": " + error.what()};
        }
    }

    /// Null if nobody waits for it any more.
    std::shared_ptr<connection> opened()
    {
        {
            const std::lock_guard lock(guard);
            if (open || given_up)
                return given_up ? nullptr : open;
        }
        auto made = std::make_shared<connection>(settings);
        const std::lock_guard lock(guard);
        if (!given_up)
            open = made;
        return open;
    }

    void give_up()
    {
        const std::lock_guard lock(guard);
        given_up = true;
        if (open)
            open->interrupt();
    }
};

database::database(const database_settings& settings, asio::any_io_executor loop, asio::any_io_executor threads,
                   sync::clock& clock)
    : settings_(settings), loop_(loop), clock_(clock), worker_(loop, std::move(threads), clock), closing_(loop)
{
}

database::~database()
{
    *alive_ = false;
}

database::turn::~turn()
{
    if (of_)
        of_->release(in_transaction);
}

asio::awaitable<database::turn> database::take_turn()
{
    closing_.cancel();
    const bool inside = co_await line_.enter();
    if (inside)
        co_return turn(*this);
    co_return turn{};
}

void database::release(bool in_transaction)
{
    if (in_transaction)
        connection_.reset();
    line_.leave();
    if (line_.is_empty())
        close_when_idle();
}

void database::close_when_idle()
{
    if (!connection_)
        return;
    closing_.expires_after(idle_limit);
    closing_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
        if (!error && *alive && line_.is_empty())
            connection_.reset();
    });
}

asio::awaitable<std::optional<work_failure>> database::run_job(std::function<void(connection&)> work,
                                                               sync::monotonic_time until)
{
    auto wanted = std::make_shared<job>(settings_, std::move(work));
    wanted->open = std::move(connection_);
    std::function<void()> carry_out = [wanted] { wanted->carry_out(); };
    const bool ended = co_await worker_.run(std::move(carry_out), until);
    if (!ended) {
        wanted->give_up();
        const auto why = clock_.now() < until ? std::string("stopped before the answer came")
                                              : "no answer within " + std::to_string(settings_.timeout.count()) + " s";
        co_return work_failure{trouble::too_long, shown(settings_) + ": " + why};
    }
    if (!wanted->failed || !ends_the_connection(wanted->failed->kind))
        connection_ = std::move(wanted->open);
    co_return std::move(wanted->failed);
}

sync::failure failure_of(const work_failure& failed, bool irrevocable)
{
    switch (failed.kind) {
    case trouble::denied: return {errc::denied, failed.text + "; check user, password and rights"};
    case trouble::refused: return {errc::refused, failed.text};
    case trouble::busy:
    case trouble::wrong_statement: return {errc::not_sent, failed.text};
    case trouble::unreachable:
    case trouble::lost:
    case trouble::too_long:
    case trouble::unknown: break;
    }
    return {irrevocable ? errc::outcome_unknown : errc::not_sent, failed.text};
}

} // namespace testdome_sync::sql
