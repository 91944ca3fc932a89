#pragma once

#include "connectors/http/refresh_token.hpp"
#include "connectors/http/service.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::http {

struct token_options {
    std::string name;                      ///< for events and errors
    std::function<request()> make_request; ///< builds the token request anew each time (it holds the secrets)
    /// For sign-in with a refresh token; then `make_request` is not used.
    std::function<request(const std::string& refresh_token)> make_refresh_request;
    std::optional<refresh_token_options> refresh;
    std::vector<config::secret> secrets; ///< never told, even if the service repeats them in an error
    std::string header = "Authorization";
    std::string scheme = "Bearer "; ///< before the token; may be empty
    std::string token_member = "access_token";
    /// Relative life in seconds is read from `expires_in`, an absolute end from `expires_at` (ISO 8601, also with
    /// `+0000`, or epoch seconds); without either:
    std::chrono::seconds default_life{1800};
    std::chrono::seconds renew_before{60}; ///< at most half of the token's life
};

/// OAuth 2 access tokens (RFC 6749 §4.3, §4.4, §6): asked for when first needed, renewed before they end and after a
/// 401,
/// **one sign-in at a time**: whoever needs a token meanwhile waits for the same answer. A refused pair (400, 401, 403)
/// is `denied` and is not asked again for a minute; other failures are `not_sent`, retried like a read.
std::shared_ptr<authorizer> create_token_authorizer(transport& network, sync::clock& clock, sync::random_source& random,
                                                    sync::event_sink& events, token_options options);

/// `application/x-www-form-urlencoded` of one value (WHATWG URL §5.2); `percent_encoded` keeps only RFC 3986 unreserved
/// characters.
std::string form_encoded(std::string_view value);
std::string percent_encoded(std::string_view value);
std::string percent_decoded(std::string_view value);
std::string base64(std::string_view bytes);

} // namespace testdome_sync::http
