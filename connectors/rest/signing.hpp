#pragma once

#include "connectors/http/service.hpp"
#include "connectors/rest/description.hpp"

#include <memory>

namespace testdome_sync::rest {

/// What signs the requests in, as `auth:` says; null for `none`.
std::shared_ptr<http::authorizer> create_signer(const description& described, http::transport& network,
                                                sync::clock& clock, sync::random_source& random,
                                                sync::event_sink& events);

} // namespace testdome_sync::rest
