#include "connectors/http/spending.hpp"

#include <algorithm>

namespace testdome_sync::http {
namespace {

/// What was spent within one of so many parts of the window is kept as one number.
constexpr int parts = 256;

} // namespace

void spending::forget(sync::monotonic_time now)
{
    while (!spent_.empty() && spent_.front().at + window_ <= now) {
        sum_ -= spent_.front().cost;
        spent_.pop_front();
    }
    if (spent_.empty())
        sum_ = 0;
}

std::chrono::nanoseconds spending::wait_for(double cost, sync::monotonic_time now)
{
    if (limit_ <= 0)
        return std::chrono::nanoseconds::zero();
    forget(now);
    const auto wanted = std::min(cost, limit_);
    auto left = sum_;
    auto free_at = now;
    for (auto oldest = spent_.begin(); oldest != spent_.end() && left + wanted > limit_; ++oldest) {
        left -= oldest->cost;
        free_at = oldest->at + window_;
    }
    return free_at - now;
}

void spending::spend(double cost, sync::monotonic_time now)
{
    if (limit_ <= 0)
        return;
    forget(now);
    sum_ += cost;
    // The part's time is that of its last one: counted for a little too long, never for too short.
    if (!spent_.empty() && now - began_ < window_ / parts) {
        spent_.back().at = now;
        spent_.back().cost += cost;
        return;
    }
    began_ = now;
    spent_.push_back({now, cost});
}

void spending::narrow(double limit, std::chrono::seconds window)
{
    if (limit <= 0)
        return;
    // Two limits of different lengths: the one that allows less in the long run counts.
    const bool narrower =
        limit_ <= 0 || limit / static_cast<double>(window.count()) < limit_ / static_cast<double>(window_.count());
    if (narrower) {
        limit_ = limit;
        window_ = window;
    }
}

} // namespace testdome_sync::http
