#pragma once

#include "config/templates.hpp"

#include <string>
#include <utility>
#include <vector>

namespace testdome_sync::rest {

enum class auth_type {
    none,
    basic,
    bearer,
    header,
    query,
    oauth2_client_credentials,
    oauth2_password,
    oauth2_refresh_token
};

/// `auth:`. The templates see `.credentials`.
struct auth_description {
    auth_type type = auth_type::none;
    config::text_template user;   ///< basic: user name; oauth2: client id
    config::text_template secret; ///< basic: password; bearer, header, query: the value; oauth2: client secret
    std::string name;             ///< header, query: its name; oauth2: the header (default Authorization)
    bool in_body = false;         ///< query: requests with a JSON object as body carry it there instead
    std::string token_url;        ///< oauth2
    bool client_in_body = false;  ///< oauth2: `client: body` (else HTTP Basic)
    std::vector<std::pair<std::string, config::json_template>> form; ///< oauth2: further form fields
    std::string token_scheme = "Bearer ";
    config::text_template refresh_token; ///< oauth2_refresh_token: the first one
    /// oauth2_refresh_token: each sign-in gives a new refresh token, and the last one is no longer accepted.
    bool rotates = true;
};

} // namespace testdome_sync::rest
