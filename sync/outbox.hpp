#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace testdome_sync::sync {

/// Carries out what the ledger's write-backs ask for, one mapping at a time, in the order in which they came about. An
/// action that is not idempotent is marked `unconfirmed` before it is sent, so that a crash leaves a question, not a
/// doubt.
class outbox {
public:
    outbox(environment& world, bookkeeper& books) : world_(world), books_(books) {}

    /// Sends everything of the mapping that is due. Ends early, with the failure, when the HR system can't be reached
    /// or refuses the account: what is left stays pending.
    boost::asio::awaitable<result<void>> deliver(active_mapping& mapping);

    /// When there is something to send next; nothing if there is nothing.
    std::optional<wall_time> next_due(const std::string& mapping);

    /// The HR system of the mapping was read well, beginning at this time.
    void was_read(const std::string& mapping, wall_time began) { last_read_[mapping] = began; }

    void stop() { stopping_ = true; }

private:
    boost::asio::awaitable<result<void>> deliver_one(active_mapping& mapping, write_back sent);
    std::optional<write_order> order_for(const write_back& sent);
    bool mark_sending(active_mapping& mapping, write_back& sent);
    /// `before`: as it was before this attempt; the state to return to if nothing was carried out.
    void settle(active_mapping& mapping, write_back& sent, const result<write_outcome>& answer,
                const write_back& before);
    bool may_be_found(const write_back& before, const failure& why);
    void finish(write_back& sent, write_back_state state, std::string reason);
    void postpone(write_back& sent, const failure& why);
    void report(const write_back& sent, const std::string& text, event_name event);

    environment& world_;
    bookkeeper& books_;
    std::map<std::string, wall_time> last_read_; ///< by mapping; when the last good reading began
    bool stopping_ = false;
};

} // namespace testdome_sync::sync
