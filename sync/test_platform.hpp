#pragma once

#include "sync/clock.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

struct test {
    std::int64_t id = 0;
    std::string name;
    bool archived = false;
};

/// TestDome's candidate status (testdome-api.md, *Status*); `unknown` is any later word: not final.
enum class candidate_status {
    sending_invitation,
    invited,
    started,
    paused,
    completed,
    did_not_take,
    canceled,
    unknown
};
bool is_final(candidate_status status);
std::string_view to_text(candidate_status status); ///< as v3 spells it

/// One person on one test, as TestDome has it.
struct candidate {
    std::int64_t id = 0;
    std::int64_t test_id = 0; ///< 0 where the answer didn't tell
    std::string email;        ///< empty once anonymized
    candidate_status status = candidate_status::unknown;
    std::optional<double> score;
    std::optional<double> max_score;
    bool passed = false; ///< passedOverride taken into account
    bool needs_scoring = false;
    bool possible_cheating = false;
    std::int64_t time_taken_seconds = 0;
    std::optional<wall_time> deadline;
    std::optional<wall_time> completed_at; ///< from activities, where they tell
    /// As it came, of a finished one: with all that came with it, so nobody keeps it for long. Else null.
    std::shared_ptr<const boost::json::value> raw;
};

/// One request: the same test and the same words for every address.
struct invitation_batch {
    std::int64_t test_id = 0;
    std::vector<std::string> emails;
    wall_time deadline;
    std::string message;
    std::string reply_to;
    bool proctoring = false;
};

struct invitation_answer {
    std::vector<std::string> refused; ///< normalized addresses that TestDome did not take; all others were invited
    std::string correlation_id;
};

/// Where people take tests. Implemented by connectors/testdome; in tests by simulated servers.
class test_platform {
public:
    virtual ~test_platform() = default;

    /// All tests of the account, archived ones included.
    virtual boost::asio::awaitable<result<std::vector<test>>> tests() = 0;

    /// Invites up to `batch_size()` people. **Success costs money**: at most one request that can succeed leaves, and
    /// it is never repeated (a 401 or 429 says that nothing was done, so only those are). Failures: `refused` (this
    /// batch as a whole, nothing was done), `denied`, `not_sent`, `outcome_unknown`. Cancellation: terminal; still ends
    /// with `not_sent` or `outcome_unknown`.
    virtual boost::asio::awaitable<result<invitation_answer>> invite(invitation_batch order) = 0;
    virtual std::size_t batch_size() const = 0;

    /// Those of `emails` (normalized) who are candidates of the test already, in whatever status: every match of each.
    /// Asks person by person or reads the whole test, whichever is fewer requests.
    virtual boost::asio::awaitable<result<std::vector<candidate>>> find(std::int64_t test_id,
                                                                        std::vector<std::string> emails) = 0;

    /// Every unfinished candidate of these tests. Rows shift between pages while people finish: one may be missing.
    virtual boost::asio::awaitable<result<std::vector<candidate>>> unfinished(std::vector<std::int64_t> test_ids) = 0;

    /// The truth about these candidates, by id; finished ones of the tests are listed instead where that is fewer
    /// requests. An id that no longer exists is left out.
    virtual boost::asio::awaitable<result<std::vector<candidate>>> candidates(std::vector<std::int64_t> test_ids,
                                                                              std::vector<std::int64_t> ids) = 0;

    /// Withdraws an invitation that is not yet started. `refused` if it is.
    virtual boost::asio::awaitable<result<void>> cancel(std::int64_t candidate_id) = 0;

    /// Gives these candidates of the test a later deadline. Costs nothing, and may be repeated. `refused` if it is too
    /// late for one of them.
    virtual boost::asio::awaitable<result<void>> extend(std::int64_t test_id, std::vector<std::int64_t> candidate_ids,
                                                        wall_time deadline) = 0;

    /// A report link that opens without a TestDome account.
    virtual boost::asio::awaitable<result<std::string>> sharing_url(std::int64_t candidate_id) = 0;

    /// True while calls are held back because the platform has failed several times in a row (an open circuit breaker).
    virtual bool holds_back() const = 0;

    /// Signs in and sends one harmless request.
    virtual boost::asio::awaitable<result<void>> check() = 0;
};

} // namespace testdome_sync::sync
