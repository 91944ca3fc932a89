#pragma once

#include "connectors/http/message.hpp"
#include "sync/clock.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace testdome_sync::http {

/// How long the answer asks to wait: `Retry-After` in seconds or as a date (RFC 9110 §10.2.3). At most a day.
std::optional<std::chrono::seconds> retry_after(const response& answer, sync::wall_time now);

/// An HTTP date in any of the three forms that RFC 9110 §5.6.7 has recipients accept; at most a century away.
std::optional<sync::wall_time> http_date(std::string_view text);

} // namespace testdome_sync::http
