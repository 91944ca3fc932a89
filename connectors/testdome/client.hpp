#pragma once

#include "config/settings.hpp"
#include "connectors/http/service.hpp"
#include "connectors/http/transport.hpp"
#include "sync/test_platform.hpp"

#include <memory>

namespace testdome_sync::testdome {

/// TestDome's API v3 as the engine's test platform. Signs in with the client pair or with the account's e-mail and API
/// password, asks for pages of 100, and keeps the number of calls small (testdome-api.md).
///
/// All references must outlive the client. Nothing is sent before the first call.
std::unique_ptr<sync::test_platform> create_client(const config::testdome_settings& settings, http::transport& network,
                                                   sync::clock& clock, sync::random_source& random,
                                                   sync::event_sink& events);

} // namespace testdome_sync::testdome
