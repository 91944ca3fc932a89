#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Carries out what the ledger's write-backs ask for, one mapping at a time, in the order in which they came about. An
/// action that is not idempotent is marked `unconfirmed` before it is sent, so that a crash leaves a question, not a
/// doubt.
///
/// As many are under way at once as the connector allows, each about another person: two changes of one person's record
/// could undo each other. What became of them is stored in one unit of work, which also marks those that come next, as
/// a commit costs more than all the rest of a write-back.
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
    /// One write-back under way.
    struct attempt {
        write_back sent;
        write_back before; ///< as it was; the state to return to if nothing was carried out
        assessment about;  ///< when it was begun
        write_order order;
        std::optional<result<write_outcome>> answer{}; ///< nothing while it is under way, or if it was canceled
    };
    /// What is told once it is committed.
    struct notice {
        event_name event;
        std::string text;
        std::vector<field> fields;
    };

    /// Stores what became of `begun`, tells it, and puts in its place what is sent next.
    std::optional<failure> settle_and_begin(active_mapping& mapping, std::vector<attempt>& begun,
                                            std::list<write_back>& due, std::size_t at_once);
    /// Who waits for a time that was chosen while the clock ran ahead would wait for years once it is set right.
    void forget_wrong_clock(const active_mapping& mapping);

    // Both begin the unit of work if they need one and it isn't begun.
    /// Notes what became of those that were answered. The failure that is about the service, if there is one.
    std::optional<failure> settle(active_mapping& mapping, std::vector<attempt>& begun,
                                  std::optional<unit_of_work>& unit);
    /// Takes what is sent next out of `due`, and marks it.
    std::vector<attempt> begin(active_mapping& mapping, std::list<write_back>& due, std::size_t most,
                               std::optional<unit_of_work>& unit);
    boost::asio::awaitable<void> carry_out(hr_connector& connector, std::vector<attempt>& begun);

    // Within a unit of work of the caller's.
    std::optional<write_order> order_for(const write_back& sent, const assessment& about);
    void mark_sending(active_mapping& mapping, write_back& sent);
    void settle(active_mapping& mapping, attempt& ended);
    void finish(write_back& sent, const assessment* about, write_back_state state, std::string reason);
    void postpone(write_back& sent, const assessment& about, const failure& why);

    bool may_be_found(const write_back& before, const failure& why);
    void tell_all();

    environment& world_;
    bookkeeper& books_;
    std::map<std::string, wall_time> last_read_;     ///< by mapping; when the last good reading began
    std::map<std::string, wall_time> last_delivery_; ///< by mapping
    std::vector<notice> notices_;                    ///< empty between two units of work
    bool stopping_ = false;
};

} // namespace testdome_sync::sync
