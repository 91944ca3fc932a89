#pragma once

#include "config/settings.hpp"
#include "connectors/http/service.hpp"

#include <memory>
#include <string>

namespace testdome_sync::testdome {

/// `https://host` becomes `https://host/v3`; a URL with a path is taken as it is.
std::string base_of(std::string url);

/// The sign-in, by client pair or by e-mail and API password (RFC 6749 §4.3, §4.4).
http::request token_request(const config::testdome_settings& settings);

/// What signs requests in with a token of that kind. `network`, `clock`, `random` and `events` outlive it.
std::shared_ptr<http::authorizer> signer_for(const config::testdome_settings& settings, http::transport& network,
                                             sync::clock& clock, sync::random_source& random, sync::event_sink& events);

/// How TestDome is to be treated, from the configuration.
http::service_options options_of(const config::testdome_settings& settings);

} // namespace testdome_sync::testdome
