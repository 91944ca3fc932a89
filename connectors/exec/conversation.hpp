#pragma once

#include "connectors/exec/description.hpp"
#include "connectors/exec/error_output.hpp"
#include "connectors/exec/masking.hpp"
#include "connectors/exec/session.hpp"
#include "connectors/waiting_line.hpp"
#include "sync/clock.hpp"
#include "sync/events.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>

namespace testdome_sync::exec {

/// What is asked of a program, and what becomes of its answer.
struct question {
    request_kind kind;
    /// The line that asks, given the request's number.
    std::function<std::string(std::int64_t id)> line;
    /// Asked before anything is sent: a failure if this program must not be asked this.
    std::function<sync::result<void>(const program_hello& hello)> may_ask;
    /// Takes what comes before the end of an answer (`application`, `record`, `broken`). May be empty.
    std::function<understood<void>(answer_line& line)> take;
};

/// All that is said between one mapping and its program: one request at a time; the program is started when it is
/// needed, kept while there is more to ask, and killed when it has broken the protocol or is late.
class conversation {
public:
    /// All references must outlive this; one thread.
    conversation(const description& described, program_launcher& programs, sync::clock& clock,
                 sync::event_sink& events);

    /// Asks, and waits for the end of the answer.
    ///
    /// @returns what the program's `done` says; else its failure, or ours: `not_sent` if the question was not put;
    ///          `outcome_unknown` for a write that has been put and has no whole answer; `malformed` for another
    ///          request whose answer is not what the protocol allows, `not_sent` if there is none
    /// Cancellation: any; the program is killed. Throws nothing but what `question` throws.
    boost::asio::awaitable<sync::result<done_line>> ask(question what);

    const masking& shown() const { return shown_; }

private:
    void tell_refused_sign_in(const sync::result<done_line>& answer);
    boost::asio::awaitable<sync::result<done_line>> ask_in_turn(const question& what);
    boost::asio::awaitable<sync::result<void>> open(sync::monotonic_time deadline);
    boost::asio::awaitable<sync::result<void>> greet(sync::monotonic_time deadline);
    boost::asio::awaitable<sync::result<done_line>> hear(const question& what, std::int64_t id,
                                                         sync::monotonic_time deadline);
    boost::asio::awaitable<std::string> what_happened(silence why);
    sync::failure told_failure(request_kind kind, const sync::failure& why) const;
    sync::failure no_answer(request_kind kind, sync::errc of_reads, const std::string& what);
    std::string about(request_kind kind) const;
    void end_session();

    const description& described_;
    program_launcher& programs_;
    sync::clock& clock_;
    sync::event_sink& events_;
    masking shown_;
    error_output errors_;
    std::unique_ptr<session> session_; ///< of the program that runs, if any
    program_hello hello_;              ///< of that program
    std::int64_t last_id_ = 0;
    bool was_refused_ = false;      ///< and told so
    connectors::waiting_line line_; ///< one request at a time
};

} // namespace testdome_sync::exec
