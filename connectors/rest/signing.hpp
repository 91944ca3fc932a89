#pragma once

#include "config/secret.hpp"
#include "connectors/http/service.hpp"
#include "connectors/http/shared_access.hpp"
#include "connectors/rest/description.hpp"
#include "sync/token_store.hpp"

#include <memory>
#include <vector>

namespace testdome_sync::rest {

/// What reaches beyond one connector. All that is given must outlive it.
struct connector_access {
    sync::token_store* tokens = nullptr;   ///< null: a refresh token that rotates can't be used
    http::shared_access* shared = nullptr; ///< null: budget and sign-in are the connector's own
};

/// The credentials that must not be told. Longest first, so that none is told in part.
std::vector<config::secret> secrets_of(const description& described);

/// What signs the requests in, as `auth:` says; null for `none`. Nothing of `described` is needed afterwards.
std::shared_ptr<http::authorizer> create_signer(const description& described, http::transport& network,
                                                sync::clock& clock, sync::random_source& random,
                                                sync::event_sink& events, const connector_access& access);

/// The same for all with these credentials at this HR system.
std::string budget_key_of(const description& described);

/// The budget of these credentials at this HR system, shared where `access` says so; else null.
std::shared_ptr<http::budget> budget_of(const description& described, sync::clock& clock,
                                        const connector_access& access);

} // namespace testdome_sync::rest
