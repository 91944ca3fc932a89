#include "connectors/exec/conformance.hpp"

#include "connectors/exec/applications.hpp"
#include "connectors/exec/rehearsal.hpp"
#include "sync/events.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <set>

namespace testdome_sync::exec {
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr auto made_up_id = "testdome-sync-conformance-test";

/// Nothing if all is well, else why not.
using complaint = std::optional<std::string>;

std::string counted(std::size_t number, const std::string& what)
{
    return std::to_string(number) + ' ' + what + (number == 1 ? "" : "s");
}

std::string poll_text(std::int64_t id, const json::value& cursor)
{
    sync::poll_request request;
    request.cursor = cursor;
    return poll_line(id, request);
}

std::string write_text(std::int64_t id, const std::string& action, bool ask_first)
{
    sync::write_order order;
    order.action = action;
    order.argument = action == "field" ? json::value{{"testdome_score", 87}} : json::value("a conformance test");
    order.ask_first = ask_first;
    order.document = json::parse(R"({"application":{"id":"","url":"","applied_at":"2026-11-24T07:00:00Z",
"updated_at":null,"status":"active"},"applicant":{"id":"0","first_name":"Test","last_name":"Person","name":"Test Person",
"email":"conformance-test@example.invalid"},"job":{"id":"0","name":"Conformance test"},"stage":{"id":"","name":""},
"status":"active","raw":null,"test":{"id":0,"name":"Conformance test"},"assessment":{"id":0,"state":"completed"},
"result":{"status":"completed","score":87,"passed":true}})")
                         .as_object();
    order.document["application"].as_object()["id"] = made_up_id;
    order.document["marker"] = "td-conformance-" + action;
    return write_line(id, order);
}

/// The parts of the test, in their order. Each begins with a program of its own unless it says otherwise.
class examination {
public:
    examination(program_launcher& programs, sync::clock& clock, conformance_options options,
                std::function<void(const conformance_result&)> report)
        : options_(std::move(options)), rehearsal_(programs, clock, options_.program, options_.timeout),
          report_(std::move(report))
    {
    }

    asio::awaitable<bool> carry_out()
    {
        struct part {
            const char* what;
            asio::awaitable<complaint> (examination::*try_it)();
        };
        static constexpr part parts[]{
            {"answers our hello", &examination::greets},
            {"answers a poll", &examination::polls},
            {"answers a second poll with the cursor of the first, in the same process", &examination::polls_again},
            {"answers a check", &examination::checks},
            {"ignores members that it does not know", &examination::ignores_members},
            {"answers an unknown request with failure unsupported, and goes on", &examination::refuses_unknown},
            {"never answers what is not JSON with done", &examination::survives_nonsense},
            {"never carries out half a request", &examination::ignores_half_a_request},
            {"reads a request of 500 kB", &examination::reads_long_requests},
            {"ends by itself when its input is closed", &examination::ends_with_its_input},
            {"begins anew after it was killed in the middle of a poll", &examination::survives_being_killed},
            {"understands a cursor that another process has given", &examination::takes_an_old_cursor},
        };
        for (const auto& [what, try_it] : parts) {
            const auto wrong = co_await (this->*try_it)();
            tell(what, wrong);
            if (wrong && try_it == &examination::greets)
                co_return false; // nothing else can be tried
        }
        co_await try_actions();
        co_return well_;
    }

private:
    void tell(const std::string& what, const complaint& wrong)
    {
        well_ = well_ && !wrong;
        report_({what, wrong ? conformance::failed : conformance::ok, wrong ? *wrong : seen_});
        seen_.clear();
    }

    /// A new program that has said hello.
    asio::awaitable<complaint> greets()
    {
        auto begun = co_await rehearsal_.begin();
        if (!begun)
            co_return begun.error().what;
        actions_ = begun->actions;
        co_return std::nullopt;
    }

    asio::awaitable<complaint> polls() { co_return co_await poll_with(nullptr); }

    asio::awaitable<complaint> polls_again()
    {
        const auto cursor = cursor_;
        auto wrong = co_await poll_with(cursor);
        seen_.clear();
        co_return wrong;
    }

    asio::awaitable<complaint> poll_with(json::value cursor)
    {
        auto answered = co_await rehearsal_.ask(request_kind::poll, poll_text(rehearsal_.next_id(), cursor));
        if (!answered)
            co_return answered.error().what;
        if (const auto* failed = std::get_if<failure_line>(&answered->end))
            co_return "it says " + rehearsal::text_of(*failed);
        std::set<std::string> ids;
        std::size_t records = 0, broken = 0;
        for (const auto& line : answered->before) {
            records += std::holds_alternative<record_line>(line) ? 1 : 0;
            broken += std::holds_alternative<broken_line>(line) ? 1 : 0;
            const auto* application = std::get_if<application_line>(&line);
            if (!application)
                continue;
            const auto read = application_in(application->document);
            if (!read)
                co_return "an application is not in the shape that rules see: " + read.error().what;
            if (!ids.insert(read->id).second)
                co_return "an application's id comes twice: " + sync::printable(read->id, 60);
        }
        cursor_ = std::get<done_line>(answered->end).cursor;
        seen_ = counted(ids.size(), "application") + ", " + counted(records, "record") + ", " +
                counted(broken, "broken record");
        co_return std::nullopt;
    }

    asio::awaitable<complaint> checks()
    {
        auto answered = co_await rehearsal_.ask(request_kind::check, check_line(rehearsal_.next_id()));
        if (!answered)
            co_return answered.error().what;
        if (const auto* failed = std::get_if<failure_line>(&answered->end))
            co_return "it says " + rehearsal::text_of(*failed);
        for (const auto& one : std::get<done_line>(answered->end).findings)
            seen_ += (seen_.empty() ? "it finds: " : "; ") + sync::printable(one);
        co_return std::nullopt;
    }

    asio::awaitable<complaint> ignores_members()
    {
        auto line = check_line(rehearsal_.next_id());
        line.replace(line.rfind('}'), 1, R"(,"member of a later version":{"a":[1]}})");
        auto answered = co_await rehearsal_.ask(request_kind::check, std::move(line));
        co_return answered ? complaint{} : complaint(answered.error().what);
    }

    asio::awaitable<complaint> refuses_unknown()
    {
        const auto id = std::to_string(rehearsal_.next_id());
        auto answered =
            co_await rehearsal_.ask(request_kind::check, R"({"type":"request of a later version","id":)" + id + "}\n");
        if (!answered)
            co_return answered.error().what;
        const auto* failed = std::get_if<failure_line>(&answered->end);
        if (!failed || failed->why.code != sync::errc::unsupported)
            co_return failed ? "it says " + rehearsal::text_of(*failed) : std::string("it says done");
        co_return co_await checks();
    }

    /// Ending, a failure and silence are all in order: it can't know what was meant.
    asio::awaitable<complaint> survives_nonsense()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        rehearsal_.send("this is not JSON\n");
        rehearsal_.running().close_input();
        for (;;) {
            const auto said = co_await rehearsal_.line();
            if (!said)
                co_return std::nullopt;
            if (said->find("\"done\"") != std::string::npos)
                co_return "it answers: " + sync::printable(*said, 100);
        }
    }

    asio::awaitable<complaint> ignores_half_a_request()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        const auto whole = check_line(rehearsal_.next_id());
        rehearsal_.send(whole.substr(0, whole.size() / 2));
        rehearsal_.running().close_input();
        const auto said = co_await rehearsal_.line();
        co_return said ? complaint("it answers: " + sync::printable(*said, 100)) : complaint{};
    }

    asio::awaitable<complaint> reads_long_requests()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        auto line = check_line(rehearsal_.next_id());
        line.replace(line.rfind('}'), 1, ",\"padding\":\"" + std::string(500'000, 'x') + "\"}");
        auto answered = co_await rehearsal_.ask(request_kind::check, std::move(line));
        co_return answered ? complaint{} : complaint(answered.error().what);
    }

    asio::awaitable<complaint> ends_with_its_input()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        rehearsal_.running().close_input();
        const auto ended = co_await rehearsal_.end();
        if (!ended)
            co_return "it runs on; it would be sent SIGTERM after five seconds, and killed after ten";
        if (ended->by_signal != 0 || ended->status != 0)
            co_return to_text(*ended);
        co_return std::nullopt;
    }

    asio::awaitable<complaint> survives_being_killed()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        rehearsal_.send(poll_text(rehearsal_.next_id(), nullptr));
        co_await rehearsal_.line();
        rehearsal_.running().kill();
        if (auto wrong = co_await greets())
            co_return wrong;
        co_return co_await polls_again();
    }

    asio::awaitable<complaint> takes_an_old_cursor()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        co_return co_await polls_again();
    }

    asio::awaitable<void> try_actions()
    {
        if (!options_.writes) {
            std::string names;
            for (const auto& [name, repeats] : actions_)
                names += (names.empty() ? "" : ", ") + name;
            report_({"carries out its actions", conformance::skipped,
                     names.empty() ? "it declares none" : "nothing is written without --writes (" + names + ')'});
            co_return;
        }
        auto wrong = co_await refuses_unknown_actions();
        tell("answers an action that it does not have with failure unsupported", wrong);
        for (const auto& [name, repeats] : actions_) {
            wrong = co_await writes(name, repeats);
            tell("carries out " + name + " (" + std::string(name_of(repeats)) + ')', wrong);
        }
    }

    asio::awaitable<complaint> refuses_unknown_actions()
    {
        if (auto wrong = co_await greets())
            co_return wrong;
        const auto id = rehearsal_.next_id();
        auto answered = co_await rehearsal_.ask(request_kind::write, write_text(id, "no-such-action", false));
        if (!answered)
            co_return answered.error().what;
        const auto* failed = std::get_if<failure_line>(&answered->end);
        if (!failed)
            co_return "it says that it has carried out \"no-such-action\"";
        co_return failed->why.code == sync::errc::unsupported ? complaint{}
                                                              : complaint("it says " + rehearsal::text_of(*failed));
    }

    /// Twice, as after an unknown outcome.
    asio::awaitable<complaint> writes(std::string action, sync::repeatability repeats)
    {
        auto first = co_await rehearsal_.ask(request_kind::write, write_text(rehearsal_.next_id(), action, false));
        if (!first)
            co_return first.error().what;
        if (const auto* failed = std::get_if<failure_line>(&first->end)) {
            seen_ = "not proved: it says " + rehearsal::text_of(*failed);
            co_return std::nullopt;
        }
        if (repeats == sync::repeatability::uncertain)
            co_return std::nullopt;
        auto second = co_await rehearsal_.ask(request_kind::write, write_text(rehearsal_.next_id(), action, true));
        if (!second)
            co_return second.error().what;
        const auto* done = std::get_if<done_line>(&second->end);
        if (!done)
            co_return "asked again with ask_first, it says " + rehearsal::text_of(std::get<failure_line>(second->end));
        if (repeats == sync::repeatability::checkable && done->outcome != sync::write_outcome::already_done)
            co_return "it was asked with ask_first whether it had carried this out, and did it again";
        co_return std::nullopt;
    }

    conformance_options options_;
    rehearsal rehearsal_;
    std::function<void(const conformance_result&)> report_;
    std::map<std::string, sync::repeatability> actions_;
    json::value cursor_;
    std::string seen_; ///< for people, in the part that is going on
    bool well_ = true;
};

} // namespace

asio::awaitable<bool> test_conformance(program_launcher& programs, sync::clock& clock, conformance_options options,
                                       std::function<void(const conformance_result&)> report)
{
    examination of(programs, clock, std::move(options), std::move(report));
    co_return co_await of.carry_out();
}

} // namespace testdome_sync::exec
