#pragma once

#include "config/secret.hpp"
#include "sync/clock.hpp"
#include "sync/failure.hpp"
#include "sync/token_store.hpp"

#include <optional>
#include <string>

namespace testdome_sync::http {

struct refresh_token_options {
    std::string key; ///< a digest of the service, the client and the configured token: what it is stored under
    config::secret configured; ///< the one that the administrator gave
    /// Each answer replaces it (RFC 6749 §6), and the last one is no longer accepted.
    bool rotates = true;
    sync::token_store* store = nullptr; ///< null: a token that rotates can't be used
};

/// The refresh token that is to be sent next: the configured one, or the one that has replaced it. A replacement is
/// stored before it is used, and what it replaces is kept until then:
///
/// | the process ends, or the answer is lost … | next time |
/// | --- | --- |
/// | before the request leaves | the old one, as before |
/// | after it left, before an answer is stored | the old one: many services accept it for a while. If not, a person
/// must make a new one, and is told so | | after the answer was stored | the new one |
///
/// A configured token that the administrator has changed has another key, so it counts. One thread.
class refresh_token {
public:
    refresh_token(refresh_token_options options, sync::clock& clock) : options_(std::move(options)), clock_(clock) {}

    /// The token to send. If it rotates, the ledger is written first: a store that can't be written now could not keep
    /// the answer either. `not_sent` if it must not be sent.
    sync::result<std::string> take();

    /// The service gave another one. Kept in memory until `keep()` has stored it.
    void replace(std::string token);
    /// The service answered and gave no other one.
    void stays();
    /// Stores a replacement that isn't yet; nothing to do is success. `not_sent` if that fails: call it again before
    /// anything else is sent.
    sync::result<void> keep();

    /// The service refuses the token. Gives what a person should know of it.
    std::string refused();

private:
    sync::result<void> load();
    sync::result<void> store(const std::optional<sync::wall_time>& asked_at);

    refresh_token_options options_;
    sync::clock& clock_;
    std::optional<config::secret> current_; ///< none: not loaded yet
    bool is_stored_one_ = false;            ///< not the configured one
    bool to_be_stored_ = false;
    bool asked_ = false;           ///< a request was made, and no answer has come
    bool answer_was_lost_ = false; ///< an earlier request had no answer that was stored
};

} // namespace testdome_sync::http
