#include "connectors/exec/session.hpp"

#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <utility>
#include <variant>

namespace testdome_sync::exec {
namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

namespace {

/// Neither side of `||` may throw: the other side's result would be lost with it.
asio::awaitable<void> sleep_quietly(sync::clock& clock, sync::monotonic_time until)
{
    try {
        co_await clock.sleep_until(until);
    } catch (const boost::system::system_error&) {
    }
}

/// Nothing if `until` came first, or we were canceled.
template <class T>
asio::awaitable<std::optional<T>> before(sync::clock& clock, sync::monotonic_time until, asio::awaitable<T> waits)
{
    auto sleep = sleep_quietly(clock, until);
    auto first = co_await (std::move(waits) || std::move(sleep));
    if (first.index() == 1)
        co_return std::nullopt;
    co_return std::get<0>(std::move(first));
}

} // namespace

void session::send(std::string line)
{
    answered_bytes_ = 0;
    program_->write(std::move(line));
}

asio::awaitable<boost::system::result<std::string_view, silence>> session::next_line(sync::monotonic_time deadline)
{
    const auto canceled = co_await asio::this_coro::cancellation_state;
    for (;;) {
        if (lines_.too_long())
            co_return silence::line_too_long;
        if (const auto line = lines_.next())
            co_return *line;
        if (answered_bytes_ > answer_limit_bytes)
            co_return silence::answer_too_long;
        if (at_end_)
            co_return lines_.has_rest() ? silence::half_line : silence::ended;
        auto reading = program_->read();
        auto read = co_await before(clock_, deadline, std::move(reading));
        if (canceled.cancelled() != asio::cancellation_type::none)
            co_return silence::stopped;
        if (!read || (read->bytes.empty() && !read->at_end))
            co_return silence::time_is_up;
        lines_.add(read->bytes);
        answered_bytes_ += read->bytes.size();
        at_end_ = read->at_end;
    }
}

bool session::has_spoken()
{
    if (!lines_.has_rest() && !at_end_) {
        const auto read = program_->read_available();
        lines_.add(read.bytes);
        at_end_ = read.at_end;
    }
    return lines_.has_rest();
}

asio::awaitable<std::optional<ending>> session::how_it_ended()
{
    auto waiting = program_->wait_until_ended();
    auto ended = co_await before(clock_, clock_.now() + std::chrono::seconds{1}, std::move(waiting));
    co_return ended ? *ended : std::nullopt;
}

void throw_exception_from_error(silence why, const boost::source_location& where)
{
    boost::throw_exception(std::runtime_error(to_text(why, std::chrono::milliseconds{0})), where);
}

std::string to_text(silence why, std::chrono::milliseconds limit)
{
    const auto mebibytes = [](std::size_t bytes) { return std::to_string(bytes / 1024 / 1024) + " MiB"; };
    switch (why) {
    case silence::ended: return "it closed its output before it had answered";
    case silence::half_line: return "it closed its output in the middle of a line";
    case silence::time_is_up: {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit);
        return "it did not answer within " +
               (seconds == limit ? std::to_string(seconds.count()) + " s" : std::to_string(limit.count()) + " ms");
    }
    case silence::line_too_long: return "it wrote a line longer than " + mebibytes(line_limit_bytes);
    case silence::answer_too_long: return "its answer is longer than " + mebibytes(answer_limit_bytes);
    case silence::stopped: return "we were stopped before it had answered";
    }
    return {};
}

} // namespace testdome_sync::exec
