#pragma once

#include "config/secret.hpp"
#include "sync/clock.hpp"

#include <optional>
#include <string>

namespace testdome_sync::sync {

/// A token that a service gave in exchange for the one before it.
struct stored_token {
    config::secret token;
    std::optional<wall_time> asked_at{}; ///< a request that replaces it may have left, and no answer was stored since
    wall_time stored_at{};
};

/// Where tokens are kept that nobody could get again: a refresh token that each use replaces. Implemented by the
/// ledger; nothing of it is ever shown, logged or exported.
class token_store {
public:
    virtual ~token_store() = default;

    /// Whether what is saved outlives the process: false for a copy of the ledger in memory, or one that is only read.
    virtual bool is_durable() const = 0;
    /// `name` tells which configured token the row of replacements began with, by a digest. Throws ledger_error.
    virtual std::optional<stored_token> find_token(const std::string& name) = 0;
    /// Durable when it returns; else it throws ledger_error, and what was stored before is still there.
    virtual void save_token(const std::string& name, const stored_token& token) = 0;
};

} // namespace testdome_sync::sync
