#pragma once

#include "sync/bookkeeper.hpp"
#include "sync/environment.hpp"
#include "sync/failure.hpp"
#include "sync/precedents.hpp"
#include "sync/selector.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace testdome_sync::sync {

/// Invites the people whose assessments are planned: looks first whether they have had the test, keeps to the day's
/// limit, commits `inviting` before a request leaves, and never sends again what may have been carried out.
class inviter {
public:
    inviter(environment& world, bookkeeper& books, selector& selector)
        : world_(world), books_(books), selector_(selector)
    {
    }

    /// One pass over everything planned. Fails when TestDome can't be reached or refuses the account; what was not
    /// invited stays planned.
    boost::asio::awaitable<result<void>> invite_planned();

    /// What the next pass would do with each planned assessment, without doing it. For `plan`, on a copy of the ledger.
    struct intention {
        sync::assessment assessment;
        precedent found;
        bool over_limit = false;
    };
    boost::asio::awaitable<result<std::vector<intention>>> intentions();

    /// No further request leaves after this; the one in flight is finished.
    void stop() { stopping_ = true; }

private:
    struct order;
    /// Of a planned assessment what is kept while TestDome is asked: there may be very many.
    struct invitee {
        std::int64_t id = 0;
        std::string email;
    };
    using known_candidates = std::map<std::string, std::vector<candidate>>; // by address
    std::map<std::int64_t, std::vector<invitee>> planned_by_test();
    boost::asio::awaitable<result<known_candidates>> look_up(std::int64_t test_id, const std::vector<invitee>& planned);
    std::vector<intention> intentions_of(std::span<const invitee> planned, const known_candidates& known);
    boost::asio::awaitable<result<void>> invite(std::vector<intention> intended);
    void release_day_limit();
    void hold_orphans();
    void hold(assessment& wanted, hold_cause cause, std::string reason); ///< and tells it
    void hold_behind(assessment& waiting, const assessment& held);
    void follow_precedent(const intention& intended);
    std::vector<assessment> within_day_limit(std::vector<assessment> wanted);
    std::vector<order> orders_of(std::vector<assessment> wanted);
    bool begin(order& batch);
    boost::asio::awaitable<result<void>> send(order batch);
    std::optional<std::string> message_for(assessment& wanted, const config::text_template& message);
    void settle(const order& batch, const result<invitation_answer>& answer);
    void settle_one(assessment& sent, const result<invitation_answer>& answer, bool alone);

    environment& world_;
    bookkeeper& books_;
    selector& selector_;
    bool stopping_ = false;
};

} // namespace testdome_sync::sync
