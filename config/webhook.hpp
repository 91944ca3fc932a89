#pragma once

#include "config/problems.hpp"
#include "config/secret.hpp"

#include <string>

namespace testdome_sync::config {

/// `webhook:` of a mapping, `webhooks: {testdome: …}` of the main file: how a caller shows that it may say "look now".
/// Either a path that nobody can guess, or a signature of the body.
struct webhook_settings {
    secret path;        ///< `secret:` the last segment of the path
    secret hmac_key;    ///< `hmac_key:` HMAC-SHA256 of the body
    std::string header; ///< `header:` which field holds the signature
    position where;

    bool is_on() const { return !path.empty() || !hmac_key.empty(); }
};

} // namespace testdome_sync::config
