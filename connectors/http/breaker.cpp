#include "connectors/http/breaker.hpp"

#include <algorithm>

namespace testdome_sync::http {
namespace {

constexpr std::chrono::seconds longest_pause{600};

} // namespace

std::optional<std::chrono::seconds> circuit_breaker::refuses()
{
    if (!state_.open)
        return std::nullopt;
    const auto now = clock_.now();
    if (now < *state_.next_attempt)
        return std::chrono::ceil<std::chrono::seconds>(*state_.next_attempt - now);
    state_.next_attempt = now + pause_;
    return std::nullopt;
}

void circuit_breaker::succeeded()
{
    state_ = {};
    pause_ = options_.breaker_pause;
}

void circuit_breaker::failed(std::string why)
{
    ++state_.failures_in_a_row;
    state_.last_error = std::move(why);
    if (state_.failures_in_a_row < options_.breaker_threshold)
        return;
    if (state_.open)
        pause_ = std::min(pause_ * 2, longest_pause);
    state_.open = true;
    state_.next_attempt = clock_.now() + pause_;
}

} // namespace testdome_sync::http
