#pragma once

#include "connectors/http/service.hpp"

#include <optional>
#include <string>

namespace testdome_sync::http {

/// Stops asking a service that has failed several times in a row; lets one call through after each pause.
class circuit_breaker {
public:
    circuit_breaker(sync::clock& clock, const service_options& options)
        : clock_(clock), options_(options), pause_(options.breaker_pause)
    {
    }

    /// How long to wait before anything may be sent; nothing if a call may go now. The call that finds an open
    /// breaker's pause over is the probe: others wait for another pause.
    std::optional<std::chrono::seconds> refuses();
    void succeeded();
    void failed(std::string why);
    const breaker_state& state() const { return state_; }

private:
    sync::clock& clock_;
    const service_options& options_;
    std::chrono::seconds pause_;
    breaker_state state_;
};

} // namespace testdome_sync::http
