#include "tests/unit/exec/spoken.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <vector>

namespace testdome_sync::exec {
namespace asio = boost::asio;
using sync::errc;
using testing::reaction;

BOOST_FIXTURE_TEST_SUITE(conversation_with_a_program, spoken)

BOOST_AUTO_TEST_CASE(a_program_is_started_once_for_a_burst_of_requests_and_numbers_go_up)
{
    programs.on_line([n = 0](const std::string& line) mutable {
        if (is_hello(line))
            return reaction{good_hello};
        return reaction{R"({"type":"done","id":)" + std::to_string(++n) + R"(,"outcome":"done"})" + '\n'};
    });
    BOOST_TEST(poll().has_value());
    BOOST_TEST((write().value() == sync::write_outcome::done));
    BOOST_TEST(check().has_value());
    BOOST_TEST(programs.started == 1);
    BOOST_TEST(programs.heard.size() == 4U);
    BOOST_TEST(programs.killed == 0);
}

BOOST_AUTO_TEST_CASE(whatever_goes_wrong_once_a_write_was_sent_leaves_its_outcome_unknown)
{
    const std::vector<std::pair<reaction, std::string>> table{
        {{"", "", true}, "write by /opt/bridge: it closed its output before it had answered: it ended with status 3"},
        {{"{\"type\":\"done\",", "", true}, "it closed its output in the middle of a line: it ended with status 3"},
        {{""}, "it did not answer within 60 s"},
        {{"OK\n"}, "a line that is not JSON"},
        {{"\n"}, "a line that is not JSON"},
        {{"[\"done\"]\n"}, "a line that is no JSON object"},
        {{R"({"type":"done","id":9,"outcome":"done"})"
          "\n"},
         "an answer to request 9, when request 1 was asked"},
        {{written + written}, "it wrote more after the end of its answer"},
        {{written + "and "}, "it wrote more after the end of its answer"},
        {{std::string(2 * 1024 * 1024, 'x')}, "it wrote a line longer than 1 MiB"},
        {{R"({"type":"application","id":1,"document":{}})"
          "\n"},
         "a message of type \"application\" in the answer to a write"},
        {{R"({"type":"done","id":1})"
          "\n"},
         "the outcome of a write must be done or already_done"},
        {{R"({"type":"failure","id":1,"code":"malformed","message":"t0ken-of-hr of ada@example.com"})"
          "\n"},
         "it says malformed: \"… of a…@example.com\""},
        {{R"({"type":"failure","id":1,"code":"outcome_unknown"})"
          "\n"},
         "it says outcome_unknown"},
    };
    for (const auto& [answer, what] : table) {
        spoken fresh;
        fresh.programs.ends_with = ending{3, 0};
        fresh.program_answers(answer);
        const auto outcome = fresh.write();
        BOOST_REQUIRE_MESSAGE(!outcome, what);
        BOOST_TEST((outcome.error().code == errc::outcome_unknown), what);
        BOOST_TEST(outcome.error().detail.find(what) != std::string::npos, outcome.error().detail);
        BOOST_TEST(outcome.error().detail.size() < 600U);
        const bool goes_on = what.starts_with("it says");
        BOOST_TEST(fresh.programs.running == (goes_on ? 1 : 0), what);
    }
}

BOOST_AUTO_TEST_CASE(whatever_goes_wrong_before_a_write_was_sent_leaves_it_not_sent)
{
    const std::vector<std::pair<std::string, std::string>> hellos{
        {"", "write by /opt/bridge: it was not asked, for the program gave no hello: it did not answer within 60 s"},
        {"hello\n", "the program's hello is not understood: a line that is not JSON"},
        {"{\"type\":\"hello\",\"protocol\":2}\n", "it speaks protocol 2, and this testdome-sync speaks protocol 1"},
        {good_hello + good_hello, "the program wrote more than its hello before it was asked anything"},
        {"{\"type\":\"failure\",\"code\":\"refused\",\"message\":\"no t0ken-of-hr\"}\n",
         "the program says that it can't work: no …"},
    };
    for (const auto& [hello, what] : hellos) {
        spoken fresh;
        fresh.program_answers({written}, hello);
        const auto outcome = fresh.write();
        BOOST_REQUIRE_MESSAGE(!outcome, what);
        BOOST_TEST((outcome.error().code == errc::not_sent), what);
        BOOST_TEST(outcome.error().detail.find(what) != std::string::npos, outcome.error().detail);
        BOOST_TEST(fresh.programs.heard.size() == 1U, "no write was sent");
        BOOST_TEST(fresh.programs.running == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_program_that_was_not_started_or_never_reads_was_sent_nothing)
{
    programs.refuses = true;
    BOOST_TEST((write().error().code == errc::not_sent));
    programs.refuses = false;
    programs.is_deaf = true;
    BOOST_TEST((write().error().code == errc::not_sent));
    programs.is_deaf = false;
    program_answers({written});
    BOOST_TEST(write().has_value());
}

BOOST_AUTO_TEST_CASE(a_refused_sign_in_is_told_as_such)
{
    program_answers({}, "{\"type\":\"failure\",\"code\":\"denied\",\"message\":\"token revoked\"}\n");
    const auto outcome = poll();
    BOOST_TEST((outcome.error().code == errc::denied));
    BOOST_TEST(outcome.error().detail == "poll by /opt/bridge: the program says that it can't work: token revoked");
    BOOST_TEST(events.count("auth.failed") == 1);
    BOOST_TEST(!poll().has_value());
    BOOST_TEST(events.count("auth.failed") == 1);
}

BOOST_AUTO_TEST_CASE(what_a_program_writes_unasked_between_two_requests_is_never_taken_for_an_answer)
{
    // The second `done` of the first write arrives late, as if it were the answer to the second write.
    testing::reaction late{written};
    programs.on_line([&](const std::string& line) {
        return is_hello(line) ? reaction{good_hello} : line.find("\"id\":1,") != std::string::npos ? late : reaction{};
    });
    BOOST_TEST(write().has_value());
    programs.on_line([&](const std::string& line) {
        return is_hello(line) ? reaction{good_hello} : reaction{written}; // an answer to request 1
    });
    const auto second = write();
    BOOST_TEST((second.error().code == errc::outcome_unknown));
    BOOST_TEST(second.error().detail.find("an answer to request 1, when request 2 was asked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_write_waits_for_its_turn)
{
    programs.on_line([&](const std::string& line) {
        if (is_hello(line))
            return reaction{good_hello};
        return line.find("\"poll\"") != std::string::npos ? reaction{}
                                                          : reaction{written}; // the poll is never answered
    });
    std::vector<std::string> order;
    sync::poll_request request;
    asio::co_spawn(clock.context(), connector().poll(std::move(request)), [&](std::exception_ptr, auto answer) {
        order.emplace_back("poll");
        BOOST_TEST(!answer.has_value());
    });
    BOOST_TEST(write().has_value());
    BOOST_TEST(order.size() == 1U);
    BOOST_TEST(programs.started == 2, "the program that did not answer was replaced");
}

BOOST_AUTO_TEST_CASE(a_canceled_write_says_what_is_known_of_its_outcome)
{
    program_answers({});
    asio::cancellation_signal cancel;
    std::optional<sync::result<sync::write_outcome>> outcome;
    sync::write_order order;
    order.action = "note";
    asio::co_spawn(
        clock.context(), connector().write(order),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, auto answer) { outcome.emplace(answer); }));
    clock.run_ready();
    BOOST_TEST(programs.heard.size() == 2U);
    cancel.emit(asio::cancellation_type::terminal);
    clock.run_ready();
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->error().code == errc::outcome_unknown));
    BOOST_TEST(programs.running == 0);
}

BOOST_AUTO_TEST_CASE(a_request_that_is_canceled_while_it_waits_for_its_turn_was_not_sent)
{
    program_answers({});
    asio::cancellation_signal cancel;
    std::optional<sync::result<sync::write_outcome>> outcome;
    sync::poll_request request;
    bool polled = false;
    asio::co_spawn(clock.context(), connector().poll(std::move(request)),
                   [&](std::exception_ptr, const auto&) { polled = true; });
    clock.run_ready();
    sync::write_order order;
    order.action = "note";
    asio::co_spawn(
        clock.context(), connector().write(order),
        asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr, auto answer) { outcome.emplace(answer); }));
    clock.run_ready();
    cancel.emit(asio::cancellation_type::terminal);
    clock.run_ready();
    BOOST_REQUIRE(outcome.has_value());
    BOOST_TEST((outcome->error().code == errc::not_sent));
    BOOST_TEST(!polled);
    clock.run_for(std::chrono::minutes{2});
    BOOST_TEST(polled);
}

BOOST_AUTO_TEST_CASE(a_connector_may_end_before_the_event_loop_with_requests_under_way)
{
    program_answers({});
    auto own = std::make_unique<testing::virtual_clock>();
    auto made = create_connector(described, programs, *own, events);
    for (int i = 0; i < 2; ++i)
        asio::co_spawn(own->context(), made->poll({}), [](std::exception_ptr, const auto&) {});
    own->run_ready();
    made.reset();
    own.reset();
    BOOST_TEST(programs.running == 0);
}

BOOST_AUTO_TEST_CASE(the_mapping_may_promise_no_more_than_the_program)
{
    described.actions["note"] = sync::repeatability::checkable;
    program_answers({written});
    const auto outcome = write();
    BOOST_TEST((outcome.error().code == errc::not_sent));
    BOOST_TEST(outcome.error().detail ==
               "the mapping says that \"note\" is checkable, and the program says that it is uncertain; write what the "
               "program says under \"actions\"");
    BOOST_TEST(write("tag").error().detail.starts_with("the program has no action \"tag\""));
    BOOST_TEST((connector().repeats("note") == sync::repeatability::checkable));
    BOOST_TEST((connector().repeats("tag") == sync::repeatability::uncertain));
}

BOOST_AUTO_TEST_CASE(check_tells_what_the_program_lacks_and_what_it_finds)
{
    described.used = {{"note", {}}, {"nte", {}}};
    described.actions["nte"] = sync::repeatability::uncertain;
    program_answers({R"({"type":"done","id":1,"findings":["no stage \"Interveiw\" for ada@example.com"]})"
                     "\n"});
    const auto findings = check();
    BOOST_REQUIRE(findings.has_value());
    BOOST_REQUIRE(findings->size() == 2U);
    BOOST_TEST(findings->at(0).ends_with("the program has no action \"nte\"; did you mean \"note\"?"));
    BOOST_TEST(findings->at(1) == "engineering: the program says: no stage \"Interveiw\" for a…@example.com");
}

BOOST_AUTO_TEST_CASE(what_a_program_writes_to_its_standard_error_is_logged_without_its_secrets)
{
    program_answers({written, "signing in with t0ken-of-hr\n"});
    BOOST_TEST(write().has_value());
    BOOST_REQUIRE(events.count("program.output") == 1);
    BOOST_TEST(events.all.back().text == "signing in with …");
}

BOOST_AUTO_TEST_CASE(an_answer_without_end_is_cut_off)
{
    const std::string one = R"({"type":"broken","id":1,"reason":"r"})"
                            "\n";
    std::string many;
    while (many.size() < 65 * 1024 * 1024)
        many += one;
    program_answers({many});
    const auto answer = poll();
    BOOST_REQUIRE(!answer);
    BOOST_TEST(answer.error().detail.find("its answer is longer than 64 MiB") != std::string::npos);
    BOOST_TEST(programs.running == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
