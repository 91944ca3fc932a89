#pragma once

#include "sync/clock.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// Where one application × one test stands. Spelled in YAML, log and ledger as here.
enum class assessment_state {
    planned,     ///< is to be invited
    held,        ///< a person must decide; `reason` says what about
    inviting,    ///< committed before the request leaves
    unconfirmed, ///< the request's outcome is unknown: looked up, never re-sent blindly
    invited,
    started,
    scoring,   ///< finished; answers need manual scoring
    completed, ///< passed or failed
    did_not_take,
    canceled,
    refused, ///< TestDome did not take the address; nothing was paid
};
std::string_view to_text(assessment_state state);
std::optional<assessment_state> assessment_state_from(std::string_view text);
const std::vector<assessment_state>& final_states();
bool is_final(assessment_state state);

/// Why an assessment is held, as far as the engine decides by it; `assessment::reason` is the text for people.
enum class hold_cause {
    none,
    rule,
    email,
    approval,
    test_not_found,
    poll_limit,
    intake, ///< the poll that found it is not taken in to its end yet
    day_limit,
    refused,
    message,
    no_candidate, ///< TestDome took the invitation and lists nobody
    person,       ///< somebody decided so
    forgotten     ///< was invited before, and is forgotten since: what became of it is not known any more
};
std::string_view to_text(hold_cause cause);
std::optional<hold_cause> hold_cause_from(std::string_view text);

/// One application × one test: the row that the ledger follows from `planned` to its end.
struct assessment {
    std::int64_t id = 0; ///< given by the ledger; 0: not yet stored
    std::string mapping;
    std::string application_id;
    std::string rule;
    std::string test_reference; ///< the rule's `test:`
    std::int64_t test_id = 0;   ///< 0 while the test isn't found
    std::string test_name;
    std::string email; ///< normalized
    assessment_state state = assessment_state::planned;
    hold_cause cause = hold_cause::none;
    std::string reason;             ///< for people; no name or address
    std::int64_t candidate_id = 0;  ///< TestDome's; 0 until found in a list
    std::int64_t newest_before = 0; ///< the person's highest candidate id of this test before we invited
    bool approved = false;          ///< a person let it pass the limits
    bool send_alone = false;        ///< TestDome refused a batch that it was in
    bool cancel_wanted = false;     ///< `cancel_when` came true: withdraw while it isn't started
    int empty_look_ups = 0;         ///< while unconfirmed
    int revision = 0;               ///< counts `completed` events
    boost::json::value result;      ///< the `.result` document; null until there is one
    wall_time created_at{};
    wall_time updated_at{};
    std::optional<wall_time> invited_at;
    std::optional<wall_time> deadline;
    std::optional<wall_time> finished_at;
    std::optional<wall_time> settle_until;  ///< while unconfirmed: not planned again before this
    std::optional<wall_time> look_again_at; ///< completed: when TestDome is asked next whether the result was revised
    std::int64_t checksum = 0;              ///< the ledger's: of what it had when this was read or saved
};

/// What TestDome's list is compared with, of an assessment whose candidate is followed. There may be a hundred
/// thousand.
struct followed_assessment {
    std::int64_t id = 0;
    std::int64_t test_id = 0;
    std::int64_t candidate_id = 0;
    assessment_state state = assessment_state::invited;
    std::optional<wall_time> deadline{};
};

/// One row of the audit table.
struct transition {
    wall_time at{};
    std::string from; ///< empty: created
    std::string to;
    std::string cause;
    std::string correlation_id;
};

enum class write_back_state {
    pending,
    unconfirmed, ///< sent, outcome unknown; asked for before it is sent again, or left to a person
    done,
    failed,  ///< the HR system said no
    held,    ///< its text could not be made, or a person must decide
    skipped, ///< the application was closed meanwhile
};
std::string_view to_text(write_back_state state);
std::optional<write_back_state> write_back_state_from(std::string_view text);

/// The next attempt of a write-back that waits for a person: a time that never comes, and that fits into the clock.
inline constexpr wall_time write_back_never{std::chrono::sys_days{std::chrono::year{2200} / 1 / 1}};

/// One action in the HR system caused by one event of an assessment: a row of the outbox.
struct write_back {
    std::int64_t id = 0;
    std::int64_t assessment_id = 0;
    std::string mapping;
    std::string event; ///< `invited`, `completed` …
    int revision = 0;  ///< of `completed`
    int position = 0;  ///< in the mapping's list for that event
    std::string action;
    boost::json::value argument; ///< rendered
    std::string marker;          ///< the same for the same write-back, whatever happens to the ledger
    write_back_state state = write_back_state::pending;
    std::string reason;
    int attempts = 0;
    wall_time next_attempt_at{};
    wall_time updated_at{};
};

} // namespace testdome_sync::sync
