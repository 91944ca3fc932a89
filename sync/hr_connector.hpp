#pragma once

#include "sync/application_pile.hpp"
#include "sync/failure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace testdome_sync::sync {

struct poll_request {
    wall_time since;           ///< everything created or changed at or after this is wanted (overlap included)
    boost::json::value cursor; ///< what the connector's last answer gave; null at first
    /// Whether an application with this id and `fingerprint_of(to_document(…))` needs no look: then it may be counted
    /// as `unchanged` instead of being given. Valid during the call; empty: everything is wanted.
    std::function<bool(const std::string& id, const std::string& fingerprint)> is_known{};
};

/// A record that could not be turned into an application; it is reported and held back alone.
struct broken_record {
    std::string id;     ///< as far as known
    std::string reason; ///< without personal data
};

struct poll_answer {
    application_pile applications; ///< each id once, the newest reading
    int unchanged = 0;             ///< applications that `is_known` and that are not among them
    /// The latest change of any of them, by the HR system's clock; nothing if it tells none.
    std::optional<wall_time> newest_change{};
    std::vector<broken_record> broken;
    boost::json::value cursor; ///< opaque to the engine; saved with what was found
};

/// One action to carry out in the HR system.
struct write_order {
    std::string action;          ///< `note`, `field`, `move_stage` …
    boost::json::value argument; ///< rendered, as the mapping gave it
    /// `.application`, `.applicant`, … of the application; `.marker` is this write-back's own mark, `.event` what it
    /// tells.
    boost::json::object document;
    bool ask_first = false; ///< an earlier attempt may have been carried out: ask `already:` before sending
};

enum class write_outcome {
    done,         ///< carried out now
    already_done, ///< it was there already; nothing was sent
};

/// What stands between an action and its being repeated after an unknown outcome.
enum class repeatability {
    idempotent, ///< repeating does no harm
    checkable,  ///< can be looked up first (`already:`)
    uncertain,  ///< neither: a person decides
};

/// One HR system. Implemented by connectors/; in tests by simulated ones.
class hr_connector {
public:
    virtual ~hr_connector() = default;

    /// Everything that was created or changed in the window, read to its end. An answer that breaks off, a page that
    /// can't be understood, or a failed join is a failure of the whole poll, so that nothing is missed.
    /// Cancellation: any, ends with `not_sent`.
    virtual boost::asio::awaitable<result<poll_answer>> poll(poll_request request) = 0;

    /// Carries out one action, once. Sends at most one request that changes something, beside those that make what it
    /// needs if it isn't there (a tag) and may be repeated without harm.
    /// Failures: `not_sent`, `outcome_unknown`, `refused`, `denied`, `not_found`, `unsupported`; `malformed`: what had
    /// to be asked first was answered badly, so that this action, and it alone, was not carried out.
    virtual boost::asio::awaitable<result<write_outcome>> write(write_order order) = 0;

    virtual repeatability repeats(const std::string& action) const = 0;

    /// How many `write`s may be under way at once, each about another person.
    virtual std::size_t writes_at_once() const { return 1; }

    /// How long after `write` was called its effect may still come, if this process is gone by then: the connector
    /// sends nothing so late that this could be exceeded.
    virtual std::chrono::seconds longest_write() const { return std::chrono::seconds{60}; }

    /// The same for connectors that have a credential, and so what the HR system allows for it, in common: they are
    /// never at work on two machines at a time. A digest; empty: it has nothing in common with any other.
    virtual std::string common_access() const { return {}; }

    /// Signs in and sends the harmless request that proves the credentials; also checks what `write_back` names
    /// (stages, fields) where the HR system can list them. One line per finding; empty if all is well.
    virtual boost::asio::awaitable<result<std::vector<std::string>>> check() = 0;
};

} // namespace testdome_sync::sync
