#pragma once

#include "connectors/exec/connector.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_programs.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/parse.hpp>

#include <memory>
#include <string>

namespace testdome_sync::exec {

/// A connector whose program is a script, in virtual time.
struct spoken {
    spoken()
    {
        described.mapping = "engineering";
        described.program.command = {"/opt/bridge"};
        described.secrets.emplace_back("t0ken-of-hr");
        described.actions = {{"note", sync::repeatability::uncertain}, {"field", sync::repeatability::idempotent}};
        described.used = {{"note", {}}};
    }

    /// Answers `answer` to whatever is asked after the hello.
    void program_answers(testing::reaction answer, std::string hello = good_hello)
    {
        programs.on_line([answer = std::move(answer), hello = std::move(hello)](const std::string& line) {
            return is_hello(line) ? testing::reaction{hello} : answer;
        });
    }

    sync::hr_connector& connector()
    {
        if (!made_)
            made_ = create_connector(described, programs, clock, events);
        return *made_;
    }
    sync::result<sync::poll_answer> poll()
    {
        sync::poll_request request;
        request.since = *sync::time_from("2026-11-24T07:00:00Z");
        return testing::run(clock, connector().poll(std::move(request)));
    }
    sync::result<sync::write_outcome> write(const std::string& action = "note")
    {
        sync::write_order order;
        order.action = action;
        order.argument = "text";
        order.document = boost::json::parse(R"({"application":{"id":"7"},"marker":"td-1"})").as_object();
        return testing::run(clock, connector().write(std::move(order)));
    }
    sync::result<std::vector<std::string>> check() { return testing::run(clock, connector().check()); }

    static bool is_hello(const std::string& line) { return line.find("\"hello\"") != std::string::npos; }

    static inline const std::string good_hello =
        R"({"type":"hello","protocol":1,"actions":{"note":"uncertain","field":"idempotent"}})"
        "\n";
    static inline const std::string written = R"({"type":"done","id":1,"outcome":"done"})"
                                              "\n";

    description described;
    testing::virtual_clock clock;
    testing::recorded_events events;
    testing::scripted_programs programs;

private:
    std::unique_ptr<sync::hr_connector> made_; ///< ends before its programs
};

} // namespace testdome_sync::exec
