#pragma once

#include "config/listen.hpp"

#include <memory>

namespace boost::asio::ssl {
class context;
}

namespace testdome_sync::listener {

/// Certificate and key of a listener that has TLS, at least version 1.2; null for one that hasn't. Throws
/// std::runtime_error in words for the administrator.
std::shared_ptr<boost::asio::ssl::context> load_identity(const config::listen_settings& of);

} // namespace testdome_sync::listener
