#include "sync/sqlite/schema.hpp"

#include <array>

namespace testdome_sync::sync::sqlite {
namespace {

// BIGINT rather than INTEGER: who reads the file through SOCI, as the connector `sql` can, would be given 32 bits.
constexpr std::array<std::string_view, 10> first{
    R"(CREATE TABLE mappings(
        name TEXT PRIMARY KEY,
        started_at BIGINT NOT NULL,
        read_until BIGINT NOT NULL,
        cursor TEXT NOT NULL,
        rules_fingerprint TEXT NOT NULL,
        last_poll BIGINT NOT NULL,
        next_poll BIGINT NOT NULL,
        last_error TEXT NOT NULL,
        last_count BIGINT NOT NULL) WITHOUT ROWID)",
    R"(CREATE TABLE applications(
        mapping TEXT NOT NULL,
        id TEXT NOT NULL,
        email TEXT NOT NULL,
        document TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        decision TEXT NOT NULL,
        reason TEXT NOT NULL,
        first_seen BIGINT NOT NULL,
        last_seen BIGINT NOT NULL,
        PRIMARY KEY(mapping, id)) WITHOUT ROWID)",
    R"(CREATE INDEX applications_by_email ON applications(email) WHERE email <> '')",
    R"(CREATE TABLE assessments(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        mapping TEXT NOT NULL,
        application_id TEXT NOT NULL,
        test_key TEXT NOT NULL,
        rule TEXT NOT NULL,
        test_reference TEXT NOT NULL,
        test_id BIGINT NOT NULL,
        test_name TEXT NOT NULL,
        email TEXT NOT NULL,
        state TEXT NOT NULL,
        cause TEXT NOT NULL,
        reason TEXT NOT NULL,
        candidate_id BIGINT NOT NULL,
        newest_before BIGINT NOT NULL,
        approved BIGINT NOT NULL,
        send_alone BIGINT NOT NULL,
        cancel_wanted BIGINT NOT NULL,
        empty_look_ups BIGINT NOT NULL,
        revision BIGINT NOT NULL,
        result TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        invited_at BIGINT NOT NULL,
        deadline BIGINT NOT NULL,
        finished_at BIGINT NOT NULL,
        settle_until BIGINT NOT NULL,
        checked_at BIGINT NOT NULL,
        UNIQUE(mapping, application_id, test_key)))",
    R"(CREATE INDEX assessments_by_state ON assessments(state))",
    R"(CREATE INDEX assessments_by_person ON assessments(email, test_id))",
    R"(CREATE TABLE transitions(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        assessment_id BIGINT NOT NULL REFERENCES assessments(id),
        at BIGINT NOT NULL,
        from_state TEXT NOT NULL,
        to_state TEXT NOT NULL,
        cause TEXT NOT NULL,
        correlation_id TEXT NOT NULL))",
    R"(CREATE INDEX transitions_by_assessment ON transitions(assessment_id))",
    R"(CREATE TABLE write_backs(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        assessment_id BIGINT NOT NULL REFERENCES assessments(id),
        mapping TEXT NOT NULL,
        event TEXT NOT NULL,
        revision BIGINT NOT NULL,
        position BIGINT NOT NULL,
        action TEXT NOT NULL,
        argument TEXT NOT NULL,
        marker TEXT NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        attempts BIGINT NOT NULL,
        next_attempt_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        UNIQUE(assessment_id, event, revision, position)))",
    R"(CREATE INDEX write_backs_due ON write_backs(mapping, next_attempt_at)
        WHERE state IN ('pending', 'unconfirmed'))",
};

constexpr std::array<std::string_view, 2> second{
    "CREATE TABLE facts(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    R"(CREATE INDEX transitions_inviting ON transitions(at) WHERE to_state = 'inviting')",
};

// Who is due for another look is found without reading every result there ever was. The interval and the window are
// those of bookkeeper.cpp when this was written; what was last asked becomes when to ask next.
constexpr std::array<std::string_view, 3> third{
    "ALTER TABLE assessments RENAME COLUMN checked_at TO look_again_at",
    R"(UPDATE assessments SET look_again_at =
        CASE WHEN state = 'completed' AND candidate_id <> 0 AND look_again_at < finished_at + 14 * 86400
             THEN max(look_again_at, finished_at) + 86400 ELSE 0 END)",
    "CREATE INDEX assessments_to_look_at_again ON assessments(mapping, look_again_at) WHERE look_again_at > 0",
};

constexpr std::array<std::string_view, 3> fourth{
    "ALTER TABLE assessments ADD COLUMN checksum BIGINT NOT NULL DEFAULT 0", // 0: stored before there were any
    "DROP INDEX transitions_inviting",
    R"(CREATE INDEX transitions_paid ON transitions(at) WHERE from_state = 'inviting' AND
        to_state IN ('invited', 'unconfirmed'))",
};

// Tokens that a service gave in place of configured ones. Nothing shows or exports this table.
constexpr std::array<std::string_view, 1> fifth{
    R"(CREATE TABLE tokens(
        name TEXT PRIMARY KEY,
        token TEXT NOT NULL,
        asked_at BIGINT NOT NULL,
        stored_at BIGINT NOT NULL) WITHOUT ROWID)",
};

// What people decide, and what they are to be told. An index of decisions by assessment is as large as what people do:
// small.
constexpr std::array<std::string_view, 8> sixth{
    "ALTER TABLE mappings ADD COLUMN paused BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE mappings ADD COLUMN last_success BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE mappings ADD COLUMN nothing_since BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE mappings ADD COLUMN broken BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE mappings ADD COLUMN broken_since BIGINT NOT NULL DEFAULT 0",
    R"(CREATE TABLE decisions(
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at BIGINT NOT NULL,
        kind TEXT NOT NULL,
        assessment_id BIGINT NOT NULL,
        subject TEXT NOT NULL,
        who TEXT NOT NULL,
        why TEXT NOT NULL))",
    "CREATE INDEX decisions_by_assessment ON decisions(assessment_id) WHERE assessment_id > 0",
    R"(CREATE TABLE extensions(
        assessment_id BIGINT PRIMARY KEY REFERENCES assessments(id),
        deadline BIGINT NOT NULL))",
};

// The alarms look for them every minute.
constexpr std::array<std::string_view, 1> seventh{
    "CREATE INDEX write_backs_stuck ON write_backs(state) WHERE state IN ('failed', 'held')",
};

// How many there are of each state is known without reading them (relational/counts.cpp).
constexpr std::array<std::string_view, 4> eighth{
    R"(CREATE TABLE counts(
        what TEXT NOT NULL,
        state TEXT NOT NULL,
        up_to BIGINT NOT NULL,
        number BIGINT NOT NULL,
        PRIMARY KEY(what, state)) WITHOUT ROWID)",
    R"(INSERT INTO counts SELECT 'assessments', state, (SELECT coalesce(max(id), 0) FROM transitions), count(*)
        FROM assessments GROUP BY state)",
    "INSERT INTO counts SELECT 'write_backs', '', coalesce(max(id), 0), count(*) FROM write_backs",
    "CREATE INDEX write_backs_skipped ON write_backs(state) WHERE state = 'skipped'",
};

// What `retention` says is to be erased is found without a look at all that is there.
constexpr std::array<std::string_view, 2> ninth{
    R"(CREATE INDEX assessments_to_erase ON assessments(finished_at) WHERE
        finished_at > 0 AND substr(email, 1, 1) NOT IN ('', '#'))",
    R"(CREATE INDEX applications_to_erase ON applications(last_seen, mapping, id)
        WHERE substr(document, 1, 9) <> '{"erased"')",
};

constexpr std::array<relational::migration, 9> all{
    {{first}, {second}, {third}, {fourth}, {fifth}, {sixth}, {seventh}, {eighth}, {ninth}}};

} // namespace

std::span<const relational::migration> migrations()
{
    return all;
}

} // namespace testdome_sync::sync::sqlite
