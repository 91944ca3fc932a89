#pragma once

#include "config/settings.hpp"
#include "sync/assessment.hpp"
#include "sync/statistics.hpp"
#include "sync/token_store.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace testdome_sync::sync {

/// The ledger can't go on: disk full, file read-only or damaged, newer schema. `what()` says what happened, to which
/// file, and what to do. Nothing of the unit of work was stored, and whoever catches it must not send anything.
class ledger_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// It can't be reached now: a server that is restarted, or a network that is down. The same call may work later.
class ledger_unreachable : public ledger_error {
public:
    using ledger_error::ledger_error;
};

/// Another process works with a ledger that several machines share, and does not share it; `what()` names it.
class ledger_held : public ledger_error {
public:
    using ledger_error::ledger_error;
};

/// Nothing was heard of this process for so long that others have taken over its work; it must send nothing more.
class ledger_lost : public ledger_error {
public:
    using ledger_error::ledger_error;
};

/// What was to be stored was changed by another machine since it was read; it is to be read again.
class ledger_conflict : public ledger_error {
public:
    using ledger_error::ledger_error;
};

class shared_ledger;

/// What is known of one mapping between polls.
struct mapping_record {
    std::string name;
    wall_time started_at{};              ///< first poll ever: who applied before is not invited (`start: now`)
    std::optional<wall_time> read_until; ///< everything that changed before was read
    boost::json::value cursor;           ///< the connector's own
    std::string rules_fingerprint;       ///< of the rules that the last poll applied
    std::optional<wall_time> last_poll;  ///< last attempt
    std::optional<wall_time> next_poll;
    std::string last_error;      ///< empty after a good poll
    std::int64_t last_count = 0; ///< applications that the last good poll gave
    std::optional<wall_time> last_success;
    std::optional<wall_time> nothing_since; ///< the first of the good polls in a row that gave nobody
    std::int64_t broken = 0;                ///< records that the last good poll could not understand
    std::optional<wall_time> broken_since;  ///< the first of the good polls in a row with such records
    bool paused = false; ///< by a person: the HR system is neither asked nor told anything, nobody is invited
};

/// An application as the ledger keeps it.
struct stored_application {
    std::string mapping;
    std::string id;
    boost::json::object document; ///< as to_document() made it; `.raw` only while an assessment is open
    std::string fingerprint;      ///< of the whole document, raw included: unchanged records need no second look
    boost::json::array decision;  ///< `[{"rule","answer"}]`: every rule with its answer, when they were last applied
    std::string reason;           ///< why it was skipped; empty when a rule selected it
    wall_time first_seen{};
    wall_time last_seen{};
};

/// A row of the audit of what people decided.
struct decision_record {
    wall_time at{};
    std::string kind;               ///< as to_text(decision_kind)
    std::int64_t assessment_id = 0; ///< 0: it is not about one
    std::string subject;            ///< a mapping, a write-back; never a name or an address
    std::string who;
    std::string why;
};

/// A later deadline that a person wants, until TestDome has it.
struct wanted_extension {
    std::int64_t assessment_id = 0;
    wall_time deadline{};
};

/// Which application of which mapping.
struct application_key {
    std::string mapping{};
    std::string id{};
};

/// When it was last stored (or an assessment of it ended), and which it is.
struct dated_application {
    wall_time time{};
    application_key key{};
    std::int64_t assessment_id = 0; ///< of the assessment that ended
};

struct assessment_filter {
    std::vector<assessment_state> states{}; ///< empty: all
    std::vector<hold_cause> causes{};       ///< empty: all
    std::string mapping{};                  ///< empty: all
    std::string application_id{};
    std::string email{};        ///< normalized
    std::int64_t test_id = 0;   ///< 0: all
    bool cancel_wanted = false; ///< only those; false: all
    std::optional<wall_time> updated_since{};
    std::optional<wall_time> look_again_until{}; ///< those whose `look_again_at` has come by then
};

/// The durable record of everything that was decided, paid and written. All calls are synchronous and either take
/// effect as a whole or throw ledger_error. Changes happen inside a unit_of_work. One thread; one writer at a time. Of
/// a ledger that several machines share, another one may change what was read before the unit: an assessment that was
/// changed so can't be saved (ledger_conflict); whatever else is read and then saved is read inside the unit.
class ledger {
public:
    virtual ~ledger() = default;

    virtual mapping_record find_mapping(const std::string& name) = 0; ///< a fresh record if it is not known
    virtual void save(const mapping_record& record) = 0;

    virtual std::optional<stored_application> find_application(const std::string& mapping, const std::string& id) = 0;
    /// Only its fingerprint; empty if the application is not known. What most applications of most polls need.
    virtual std::string find_fingerprint(const std::string& mapping, const std::string& id) = 0;
    virtual void save(const stored_application& application) = 0;
    /// By id, or by the applicant's address (normalized), in all mappings.
    virtual std::vector<stored_application> find_applications(const std::string& id_or_email) = 0;
    /// Those that are not erased and were last stored before `time`, in the order of these times and of their keys.
    virtual std::vector<dated_application> applications_unchanged_since(wall_time time, const dated_application& after,
                                                                        std::size_t limit) = 0;
    /// Their records have become smaller: the room between them is closed up, so that others can use it. Changes
    /// nothing that can be read. Where a database does that by itself, nothing is done.
    virtual void close_up(std::vector<application_key> shrunken) = 0;

    /// Ordered by id.
    virtual std::vector<assessment> assessments(const assessment_filter& filter) = 0;
    virtual std::optional<assessment> find_assessment(std::int64_t id) = 0;
    /// Those of these mappings that are invited, started or scored, ordered by id. Not looked at for damage: whoever is
    /// to act on one asks for it by id.
    virtual std::vector<followed_assessment> followed_assessments(const std::set<std::string>& mappings) = 0;
    /// The applications of the mapping of which something is held for one of these causes.
    virtual std::set<std::string> held_applications(const std::string& mapping,
                                                    const std::vector<hold_cause>& causes) = 0;
    /// Stores a new assessment (id 0, gets its id) or a changed one; a changed state is appended to the audit table
    /// with its cause. One mapping × application × test exists once: a second one throws std::logic_error.
    virtual void save(assessment& changed, std::string_view cause, std::string_view correlation_id = {}) = 0;
    virtual std::vector<transition> transitions(std::int64_t assessment_id) = 0;
    /// Those that ended before `time` and have an address still, in the order of these times and of their ids. Among
    /// them may be some that wait to be scored.
    virtual std::vector<dated_application> assessments_over_since(wall_time time, const dated_application& after,
                                                                  std::size_t limit) = 0;
    /// How many invitations may have been paid for since then: those that TestDome took, those whose outcome is or was
    /// unknown, and those that are under way.
    virtual int invitations_since(wall_time time) = 0;
    /// Of all states there are any of. Takes a millisecond, however many there are.
    virtual std::map<assessment_state, std::int64_t> count_assessments() = 0;
    /// Of one, as fast as that one is rare.
    virtual std::int64_t count_assessments(assessment_state in) = 0;

    /// For people who look now and then: reads everything once, with a million applications for some seconds.
    /// @param since  days before it are left out of `invitations`
    virtual ledger_statistics statistics(wall_time since) = 0;

    /// Adds a write-back unless the same one (assessment, event, revision, position) is there already.
    virtual void add(write_back& added) = 0;
    virtual void save(const write_back& changed) = 0;
    /// Pending and unconfirmed ones whose next attempt is due, oldest first. What isn't a note is not among them while
    /// an earlier one of its assessment is still to be sent: the HR system must end as the last event says.
    virtual std::vector<write_back> due_write_backs(wall_time now, const std::string& mapping, std::size_t limit) = 0;
    /// When the first of those that may be sent is due; nothing if none ever is.
    virtual std::optional<wall_time> next_write_back(const std::string& mapping) = 0;
    /// Pending and unconfirmed ones that wait for a time after `time`, but not for ever.
    virtual std::vector<write_back> write_backs_put_off(wall_time time, const std::string& mapping,
                                                        std::size_t limit) = 0;
    virtual std::vector<write_back> write_backs_of(std::int64_t assessment_id) = 0;
    virtual std::optional<write_back> find_write_back(std::int64_t id) = 0;
    /// Stores what it shall write; `save` leaves that as it is.
    virtual void save_argument(const write_back& changed) = 0;
    /// Removes those that are done or were skipped.
    virtual void drop_settled_write_backs(std::int64_t assessment_id) = 0;
    /// Each pending one becomes unconfirmed: it may have been carried out.
    virtual void doubt_write_backs() = 0;
    /// Of all states there are any of. Takes as long as there are many that are neither done nor waited for.
    virtual std::map<write_back_state, std::int64_t> count_write_backs() = 0;
    /// Of one that waits for something (pending, unconfirmed) or for somebody (failed, held), as fast as that is rare.
    virtual std::int64_t count_write_backs(write_back_state in) = 0;
    /// True while any assessment of the application is not final, or any of its write-backs is pending or unconfirmed.
    virtual bool has_open_business(const std::string& mapping, const std::string& application_id) = 0;

    virtual void add(const decision_record& made) = 0;
    /// About this assessment or one of its write-backs, oldest first.
    virtual std::vector<decision_record> decisions_of(std::int64_t assessment_id) = 0;

    virtual std::vector<wanted_extension> wanted_extensions() = 0;
    /// In the place of an earlier one of the same assessment.
    virtual void save(const wanted_extension& wanted) = 0;
    virtual void drop_extension(std::int64_t assessment_id) = 0;

    /// A small fact about the program itself, such as TestDome's health; null if it was never stored.
    virtual boost::json::value find_fact(const std::string& name) = 0;
    virtual void save_fact(const std::string& name, const boost::json::value& value) = 0;

    /// Throws ledger_lost if others have taken over this process's work: before something is sent that no unit of work
    /// was committed for.
    virtual void require_ownership() {}

    /// Whether what is committed outlives the process.
    virtual bool is_durable() const = 0;
    /// A service's token that replaces a configured one; see `token_store`, which is how connectors reach it.
    virtual std::optional<stored_token> find_token(const std::string& name) = 0;
    virtual void save_token(const std::string& name, const stored_token& token) = 0;

    /// What only a ledger can that several machines share; null for one that is a file.
    virtual shared_ledger* shared() { return nullptr; }

    // For unit_of_work only.
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
};

/// All changes between construction and `commit()`, or none of them. Holds no `co_await`: what it spans is atomic.
class unit_of_work {
public:
    explicit unit_of_work(ledger& ledger) : ledger_(ledger) { ledger_.begin(); }
    ~unit_of_work()
    {
        if (!committed_)
            ledger_.rollback();
    }
    unit_of_work(const unit_of_work&) = delete;
    unit_of_work& operator=(const unit_of_work&) = delete;
    void commit()
    {
        ledger_.commit();
        committed_ = true;
    }

private:
    ledger& ledger_;
    bool committed_ = false;
};

/// The ledger's tokens, each saved in a unit of work of its own.
class ledger_tokens final : public token_store {
public:
    explicit ledger_tokens(ledger& ledger) : ledger_(ledger) {}

    bool is_durable() const override { return ledger_.is_durable(); }
    std::optional<stored_token> find_token(const std::string& name) override { return ledger_.find_token(name); }
    void save_token(const std::string& name, const stored_token& token) override
    {
        unit_of_work unit(ledger_);
        ledger_.save_token(name, token);
        unit.commit();
    }

private:
    ledger& ledger_;
};

enum class ledger_access {
    /// Made if it is missing, migrated to the newest schema, checked for damage if it is small (else see ledger_check).
    /// Whoever opened the file so before can
    /// begin no unit of work any more: one owner at a time, even where no lock keeps two processes apart.
    write,
    /// The same, together with other machines where several can share it (see shared_ledger).
    share,
    read, ///< must exist and have the newest schema
    copy, ///< a copy in memory that starts as the ledger's contents (empty if missing): for `plan`
};

constexpr bool is_to_write(ledger_access access)
{
    return access == ledger_access::write || access == ledger_access::share;
}

/// Opens an SQLite ledger: WAL, `synchronous=FULL`, foreign keys, integrity check. Throws ledger_error.
std::unique_ptr<ledger> open_sqlite_ledger(const std::string& path, ledger_access access);

/// Opens a ledger in PostgreSQL, one that is durable: what is committed is on the server's disk. Opened to write, it is
/// this process's alone, or its together with others that share it (see shared_ledger). Throws ledger_error;
/// ledger_unreachable, and ledger_held, where waiting may help.
std::unique_ptr<ledger> open_postgresql_ledger(const config::ledger_settings& settings, ledger_access access);

/// Opens the one that the settings name.
std::unique_ptr<ledger> open_ledger(const config::ledger_settings& settings, ledger_access access);

/// What PostgreSQL's client library finds wrong with a URL; empty if nothing is.
std::string problem_of_url(const std::string& url);

/// Where it is, for people: a path, or a server and a database. Without a secret.
std::string shown(const config::ledger_settings& settings);

} // namespace testdome_sync::sync
