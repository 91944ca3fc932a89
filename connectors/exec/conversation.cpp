#include "connectors/exec/conversation.hpp"

#include <boost/system/system_error.hpp>

#include <utility>

namespace testdome_sync::exec {
namespace asio = boost::asio;
using sync::errc;

namespace {

/// Of a failure before anything was asked.
sync::failure not_asked(std::string what)
{
    return {errc::not_sent, std::move(what)};
}

} // namespace

conversation::conversation(const description& described, program_launcher& programs, sync::clock& clock,
                           sync::event_sink& events)
    : described_(described), programs_(programs), clock_(clock), events_(events), shown_(described.secrets),
      errors_(described.mapping, shown_, clock, events)
{
}

asio::awaitable<sync::result<done_line>> conversation::ask(question what)
{
    bool is_our_turn = false;
    try {
        is_our_turn = co_await line_.enter();
    } catch (const boost::system::system_error&) { // canceled before it began
    }
    if (!is_our_turn)
        co_return not_asked(about(what.kind) + ": stopped before it was asked");
    const std::shared_ptr<void> turn(nullptr, [line = line_](void*) mutable { line.leave(); });
    try {
        auto answer = co_await ask_in_turn(what);
        tell_refused_sign_in(answer);
        co_return answer;
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted) {
            end_session();
            throw;
        }
        co_return no_answer(what.kind, errc::not_sent, to_text(silence::stopped, described_.timeout));
    } catch (...) {
        end_session(); // nobody knows how much of its answer was read
        throw;
    }
}

/// Once, until something is answered again.
void conversation::tell_refused_sign_in(const sync::result<done_line>& answer)
{
    const bool refused = !answer && answer.error().code == errc::denied;
    if (refused && !was_refused_)
        events_.emit("auth.failed", answer.error().detail, {{"mapping", described_.mapping}});
    if (refused || answer)
        was_refused_ = refused;
}

asio::awaitable<sync::result<done_line>> conversation::ask_in_turn(const question& what)
{
    const auto deadline = clock_.now() + described_.timeout;
    auto opened = co_await open(deadline);
    if (!opened) {
        end_session();
        co_return sync::failure{opened.error().code, about(what.kind) + ": " + opened.error().detail,
                                opened.error().retry_after};
    }
    if (what.may_ask)
        if (const auto allowed = what.may_ask(hello_); !allowed) {
            session_->running().rest(described_.idle);
            co_return allowed.error();
        }
    const auto id = ++last_id_;
    session_->send(what.line(id));
    auto answer = co_await hear(what, id, deadline);
    if (session_)
        session_->running().rest(described_.idle);
    co_return answer;
}

/// Sees to it that there is a program that has introduced itself and is quiet.
asio::awaitable<sync::result<void>> conversation::open(sync::monotonic_time deadline)
{
    if (session_ && session_->has_spoken())
        co_return not_asked("it was not asked: the program had written something that nobody had asked for, after "
                            "the end of an answer");
    if (session_ && session_->is_usable())
        co_return sync::result<void>{};
    end_session();
    auto started =
        co_await programs_.start(described_.program, [this](std::string_view bytes) { errors_.take(bytes); });
    if (!started)
        co_return started.error();
    session_ = std::make_unique<session>(std::move(*started), clock_);
    last_id_ = 0;
    co_return co_await greet(deadline);
}

asio::awaitable<sync::result<void>> conversation::greet(sync::monotonic_time deadline)
{
    session_->send(hello_line(described_.mapping));
    const auto line = co_await session_->next_line(deadline);
    if (!line) {
        const auto what = co_await what_happened(line.error());
        co_return not_asked("it was not asked, for the program gave no hello: " + what);
    }
    auto read = read_hello(*line);
    if (!read)
        co_return not_asked("it was not asked, for the program's hello is not understood: " +
                            shown_(read.error().what));
    if (const auto* failed = std::get_if<failure_line>(&*read))
        co_return sync::failure{failed->why.code == errc::denied ? errc::denied : errc::not_sent,
                                "the program says that it can't work: " + shown_(failed->why.detail),
                                failed->why.retry_after};
    if (session_->has_spoken())
        co_return not_asked("it was not asked: the program wrote more than its hello before it was asked anything");
    hello_ = std::get<program_hello>(std::move(*read));
    co_return sync::result<void>{};
}

asio::awaitable<sync::result<done_line>> conversation::hear(const question& what, std::int64_t id,
                                                            sync::monotonic_time deadline)
{
    for (;;) {
        const auto line = co_await session_->next_line(deadline);
        if (!line) {
            const auto happened = co_await what_happened(line.error());
            co_return no_answer(what.kind, errc::not_sent, happened);
        }
        auto read = read_answer(*line, what.kind, id);
        if (!read)
            co_return no_answer(what.kind, errc::malformed, read.error().what);
        const bool is_end = std::holds_alternative<done_line>(*read) || std::holds_alternative<failure_line>(*read);
        if (!is_end) {
            const auto taken = what.take ? what.take(*read) : understood<void>{};
            if (!taken)
                co_return no_answer(what.kind, errc::malformed, taken.error().what);
            continue;
        }
        if (!session_->was_sent())
            co_return no_answer(what.kind, errc::malformed, "it answered before it had read the request");
        if (session_->has_spoken())
            co_return no_answer(what.kind, errc::malformed, "it wrote more after the end of its answer");
        if (const auto* failed = std::get_if<failure_line>(&*read))
            co_return told_failure(what.kind, failed->why);
        co_return std::get<done_line>(std::move(*read));
    }
}

/// Why no line came; if the program has ended, how.
asio::awaitable<std::string> conversation::what_happened(silence why)
{
    auto text = to_text(why, described_.timeout);
    if (why != silence::ended && why != silence::half_line)
        co_return text;
    const auto ended = co_await session_->how_it_ended();
    co_return ended ? text + ": " + to_text(*ended) : text;
}

/// The program has the last word, but for what it can't mean.
sync::failure conversation::told_failure(request_kind kind, const sync::failure& why) const
{
    auto code = why.code;
    if (kind == request_kind::write && code == errc::malformed)
        code = errc::outcome_unknown; // an answer to what may have been carried out
    if (kind != request_kind::write && code == errc::outcome_unknown)
        code = errc::not_sent; // what only reads has no outcome
    const auto message = shown_(why.detail);
    return {code,
            about(kind) + ": it says " + std::string(name_of(static_cast<errc>(why.code.value()))) +
                (message.empty() ? "" : ": \"" + message + '"'),
            why.retry_after};
}

/// Ends the program: whatever it says from now on would be taken for the next answer.
sync::failure conversation::no_answer(request_kind kind, errc of_reads, const std::string& what)
{
    const bool may_be_done = kind == request_kind::write && session_ && session_->was_sent();
    end_session();
    const auto code = may_be_done ? errc::outcome_unknown : kind == request_kind::write ? errc::not_sent : of_reads;
    return {code, about(kind) + ": " + shown_(what) + (may_be_done ? "; whether it was carried out is not known" : "")};
}

std::string conversation::about(request_kind kind) const
{
    return std::string(name_of(kind)) + " by " + described_.program.command.front();
}

void conversation::end_session()
{
    if (!session_)
        return;
    session_.reset();
    errors_.end();
}

} // namespace testdome_sync::exec
