#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <memory>

namespace testdome_sync::connectors {

/// Lets so many in at once; the others wait, first come, first served. Copies are the same line, and it lasts as long
/// as somebody waits in it, also where the event loop ends first. One thread.
class waiting_line {
public:
    /// Waits until fewer than `most` are inside, and goes in. False: canceled, and not inside. Cancellation: any.
    boost::asio::awaitable<bool> enter(std::size_t most = 1) { return enter(state_, most); }

    /// Whoever is inside goes out, and the first who waits takes the place over, so that nobody can overtake.
    void leave()
    {
        if (state_->waiting.empty()) {
            --state_->inside;
            return;
        }
        auto* next = state_->waiting.front();
        state_->waiting.pop_front();
        next->cancel();
    }

    bool is_empty() const { return state_->inside == 0; }

private:
    struct state {
        std::size_t inside = 0;
        std::deque<boost::asio::steady_timer*> waiting; ///< timers that never run out: places in the line
    };

    static boost::asio::awaitable<bool> enter(std::shared_ptr<state> line, std::size_t most)
    {
        namespace asio = boost::asio;
        if (line->inside < most) {
            ++line->inside;
            co_return true;
        }
        asio::steady_timer place(co_await asio::this_coro::executor, asio::steady_timer::time_point::max());
        const std::shared_ptr<void> gone(nullptr, [line, &place](void*) { std::erase(line->waiting, &place); });
        line->waiting.push_back(&place);
        boost::system::error_code ignored;
        co_await place.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        co_return std::ranges::count(line->waiting, &place) == 0; // else nobody let us in: we were canceled
    }

    std::shared_ptr<state> state_ = std::make_shared<state>();
};

} // namespace testdome_sync::connectors
