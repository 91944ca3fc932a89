#pragma once

#include "connectors/http/message.hpp"

namespace testdome_sync::examples {

/// A request as it was sent, and what it got.
struct played_exchange {
    http::request sent;
    http::response answer;
};

} // namespace testdome_sync::examples
