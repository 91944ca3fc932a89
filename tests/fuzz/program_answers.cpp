#include "connectors/exec/connector.hpp"
#include "sync/application.hpp"
#include "tests/fuzz/promises.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_programs.hpp"
#include "tests/support/virtual_time.hpp"

#include <algorithm>
#include <optional>
#include <set>

// The first line says what is asked of the program: `poll`, `write` or `check`; `stays` after it: the program does not
// end after its last word. Then, between lines of `=====`, what it writes as it gets a line: to our hello (`-`: a good
// one), to the request, and to the next of that kind.

namespace {

using namespace testdome_sync;
using fuzzing::promise;

constexpr std::string_view secret = fuzzing::hidden_secrets::value;
constexpr std::string_view good_hello = R"({"type":"hello","protocol":1,"actions":{"note":"checkable"}})"
                                        "\n";

/// What the program says, in order; afterwards it ends or says nothing.
class script {
public:
    explicit script(std::string_view input) : parts_(fuzzing::parts_of(input)) {}

    std::string first_line() const { return parts_[0].substr(0, parts_[0].find('\n')); }
    bool mentions(std::string_view text) const
    {
        return std::ranges::any_of(parts_, [&](const auto& one) { return one.find(text) != std::string::npos; });
    }
    testing::reaction next(const std::string&)
    {
        if (++said_ >= parts_.size())
            return {"", "", first_line().find("stays") == std::string::npos};
        const auto& part = parts_[said_];
        return {part == "-\n" ? std::string(good_hello) : part, part.substr(0, 200)};
    }

private:
    std::vector<std::string> parts_;
    std::size_t said_ = 0;
};

exec::description described()
{
    exec::description made;
    made.mapping = "m";
    made.program.command = {"/opt/bridge"};
    made.secrets.emplace_back(std::string(secret));
    made.actions = {{"note", sync::repeatability::checkable}};
    made.used = {{"note", {}}};
    return made;
}

bool is_one_clean_line(const std::string& text)
{
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

void check_text(const std::string& text)
{
    promise(text.size() < 2000, "what a program says is cut", text);
    promise(is_one_clean_line(text), "what a program says is printable", text);
    promise(text.find(secret) == std::string::npos, "a secret is masked", text);
}

void check(const sync::poll_answer& answer)
{
    std::set<std::string> ids;
    for (const auto& one : answer.applications) {
        promise(!one.id.empty() && ids.insert(one.id).second, "each application is told once, with its id", one.id);
        fuzzing::check_storable(sync::to_document(one));
    }
    for (const auto& one : answer.broken) {
        promise(!one.reason.empty(), "a broken record has a reason");
        check_text(one.id + ' ' + one.reason);
    }
    fuzzing::check_storable({{"cursor", answer.cursor}});
}

/// Whether it was put, as the program has seen it.
bool was_asked(const testing::scripted_programs& programs, std::size_t before)
{
    return std::any_of(programs.heard.begin() + static_cast<std::ptrdiff_t>(before), programs.heard.end(),
                       [](const auto& line) { return line.find("\"type\":\"write\"") != std::string::npos; });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    script says(fuzzing::text_of(data, size));
    testing::virtual_clock clock;
    testing::recorded_events events;
    testing::scripted_programs programs([&](const std::string& line) { return says.next(line); });
    const auto connector = exec::create_connector(described(), programs, clock, events);
    for (int round = 0; round < 2; ++round) {
        std::optional<sync::failure> failed;
        const auto before = programs.heard.size();
        if (says.first_line().starts_with("poll")) {
            const auto answer = testing::run(clock, connector->poll({}));
            if (answer)
                check(*answer);
            else
                failed = answer.error();
        } else if (says.first_line().starts_with("check")) {
            const auto findings = testing::run(clock, connector->check());
            if (findings)
                std::ranges::for_each(*findings, check_text);
            else
                failed = findings.error();
        } else {
            sync::write_order order;
            order.action = "note";
            const auto outcome = testing::run(clock, connector->write(order));
            promise(!outcome || was_asked(programs, before), "what was carried out was asked for");
            if (!outcome)
                failed = outcome.error();
            // Only the program itself may say that nothing has happened.
            if (failed && failed->code == sync::errc::not_sent)
                promise(!was_asked(programs, before) || says.mentions("not_sent") || says.mentions("\\u"),
                        "what may have been carried out is not told as not sent", failed->detail);
            if (failed)
                promise(failed->code != sync::errc::malformed, "an answer to a write leaves its outcome unknown",
                        failed->detail);
        }
        if (failed)
            check_text(failed->detail);
        promise(programs.running <= 1, "one program at a time");
    }
    for (const auto& event : events.all)
        check_text(event.text);
    return 0;
}
