#include "connectors/exec/connector.hpp"

#include "connectors/exec/applications.hpp"
#include "connectors/exec/conversation.hpp"

#include <algorithm>

namespace testdome_sync::exec {
namespace asio = boost::asio;
using sync::errc;

namespace {

/// How much the engine may rely on; the order is that of the promise.
int strength(sync::repeatability repeats)
{
    switch (repeats) {
    case sync::repeatability::uncertain: return 0;
    case sync::repeatability::checkable: return 1;
    case sync::repeatability::idempotent: return 2;
    }
    return 0;
}

/// What is wrong with an action, seen from the program; empty if nothing is.
std::string complaint(const std::string& action, sync::repeatability promised, const program_hello& hello)
{
    const auto known = hello.actions.find(action);
    if (known == hello.actions.end()) {
        std::vector<std::string> names;
        for (const auto& [name, repeats] : hello.actions)
            names.push_back(name);
        return "the program has no action \"" + action + '"' + config::did_you_mean(action, names);
    }
    if (strength(promised) > strength(known->second))
        return "the mapping says that \"" + action + "\" is " + std::string(name_of(promised)) +
               ", and the program says that it is " + std::string(name_of(known->second)) +
               "; write what the program says under \"actions\"";
    return {};
}

class exec_connector final : public sync::hr_connector {
public:
    exec_connector(description described, program_launcher& programs, sync::clock& clock, sync::event_sink& events)
        : described_(std::move(described)), conversation_(described_, programs, clock, events)
    {
    }

    asio::awaitable<sync::result<sync::poll_answer>> poll(sync::poll_request request) override
    {
        collected_applications found(described_.application, request, conversation_.shown());
        question asked{request_kind::poll,
                       [&](std::int64_t id) { return poll_line(id, request); },
                       {},
                       [&](answer_line& line) { return found.take(line); }};
        auto done = co_await conversation_.ask(std::move(asked));
        if (!done)
            co_return done.error();
        sync::poll_answer answer;
        found.move_into(answer);
        answer.cursor = std::move(done->cursor);
        co_return answer;
    }

    asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order) override
    {
        const auto may = [&](const program_hello& hello) -> sync::result<void> {
            const auto wrong = complaint(order.action, repeats(order.action), hello);
            if (wrong.empty())
                return {};
            return sync::failure{errc::not_sent, wrong};
        };
        question asked{request_kind::write, [&](std::int64_t id) { return write_line(id, order); }, may, {}};
        auto done = co_await conversation_.ask(std::move(asked));
        if (!done)
            co_return done.error();
        co_return done->outcome;
    }

    sync::repeatability repeats(const std::string& action) const override
    {
        const auto known = described_.actions.find(action);
        return known == described_.actions.end() ? sync::repeatability::uncertain : known->second;
    }

    /// A write may have to wait for a poll that takes its time.
    std::chrono::seconds longest_write() const override
    {
        return std::chrono::ceil<std::chrono::seconds>(3 * described_.timeout);
    }

    asio::awaitable<sync::result<std::vector<std::string>>> check() override
    {
        std::vector<std::string> findings;
        const auto may = [&](const program_hello& hello) -> sync::result<void> {
            for (const auto& used : described_.used)
                if (const auto wrong = complaint(used.name, repeats(used.name), hello); !wrong.empty())
                    findings.push_back(used.where.text() + ": " + wrong);
            return {};
        };
        question asked{request_kind::check, check_line, may, {}};
        auto done = co_await conversation_.ask(std::move(asked));
        if (!done)
            co_return done.error();
        for (const auto& one : done->findings)
            findings.push_back(described_.mapping + ": the program says: " + conversation_.shown()(one));
        co_return findings;
    }

private:
    description described_;
    conversation conversation_;
};

} // namespace

std::unique_ptr<sync::hr_connector> create_connector(description described, program_launcher& programs,
                                                     sync::clock& clock, sync::event_sink& events)
{
    return std::make_unique<exec_connector>(std::move(described), programs, clock, events);
}

} // namespace testdome_sync::exec
