#pragma once

#include "config/listen.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace boost::asio::ssl {
class context;
}

namespace testdome_sync::listener {

/// When the certificate ends, or one of its chain if that is earlier; nothing for a listener without TLS. Throws as
/// `load_identity`.
std::optional<std::chrono::system_clock::time_point> end_of_certificate(const config::listen_settings& of);

/// Certificate and key of a listener that has TLS, at least version 1.2; null for one that hasn't. Throws
/// std::runtime_error in words for the administrator.
std::shared_ptr<boost::asio::ssl::context> load_identity(const config::listen_settings& of);

} // namespace testdome_sync::listener
