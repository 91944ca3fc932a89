#include "tests/unit/exec/real_programs.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

namespace testdome_sync::exec {
using sync::errc;

namespace {

struct row {
    std::string script;
    errc of_write;
    std::string told;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(misbehaving_programs, real_programs)

BOOST_AUTO_TEST_CASE(each_misbehaviour_of_a_shell_is_a_clear_failure)
{
    const std::vector<row> table{
        {"exit 3", errc::not_sent, "it closed its output before it had answered: it ended with status 3"},
        {"kill -SEGV $$", errc::not_sent, "it was ended by signal 11 (Segmentation fault)"},
        {"echo Welcome to the bridge; greet", errc::not_sent, "a line that is not JSON"},
        {"greet; exec <&-; read -r _", errc::not_sent, "write by /bin/sh: "},
        {"greet; read -r _; exit 3", errc::outcome_unknown,
         "it closed its output before it had answered: it ended with status 3; whether it was carried out is not "
         "known"},
        {"greet; read -r _; kill -KILL $$", errc::outcome_unknown, "it was ended by signal 9 (Killed)"},
        {"greet; read -r _; printf '{\"type\":\"done\",'", errc::outcome_unknown, "in the middle of a line"},
        {"greet; read -r _; printf %s \"$done\"", errc::outcome_unknown, "in the middle of a line"},
        {"greet; read -r _; exec >&-; sleep 1000", errc::outcome_unknown,
         "it closed its output before it had answered"},
        {"greet; read -r _; echo 'Traceback: ada@example.com'", errc::outcome_unknown, "\"Traceback: a…@example.com\""},
        {"greet; read -r _; echo \"$done\n$done\"; read -r _", errc::outcome_unknown, "it wrote more after the end"},
        {"greet; read -r _; exec yes", errc::outcome_unknown, "a line that is not JSON"},
        {"greet; read -r _; exec tr '\\0' x </dev/zero", errc::outcome_unknown, "a line longer than 1 MiB"},
        {"greet; read -r _; echo \"$done\" | sed 's/1/7/'; read -r _", errc::outcome_unknown, "an answer to request 7"},
    };
    for (const auto& [script, code, told] : table) {
        shell(script);
        end_connector();
        const auto outcome = write();
        BOOST_REQUIRE_MESSAGE(!outcome, script);
        BOOST_TEST(outcome.error().detail.find(told) != std::string::npos, script << ": " << outcome.error().detail);
        BOOST_TEST(outcome.error().detail.find("ada@") == std::string::npos);
        const bool either = told == "write by /bin/sh: "; // it may take the request before it closes its input
        BOOST_TEST((either || outcome.error().code == code), script << ": " << outcome.error().detail);
    }
}

BOOST_AUTO_TEST_CASE(a_program_that_never_reads_a_long_request_was_not_sent_it)
{
    described.timeout = std::chrono::milliseconds{500};
    argument = std::string(500'000, 'x'); // a pipe takes 64 KiB
    shell("greet; sleep 1000");
    const auto outcome = write();
    BOOST_TEST((outcome.error().code == errc::not_sent), outcome.error().detail);
    BOOST_TEST(outcome.error().detail.find("it did not answer within 500 ms") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_program_that_dies_in_the_middle_of_a_long_request_was_not_sent_it)
{
    argument = std::string(500'000, 'x');
    shell("greet; head -c 1000 >taken; exit 0");
    const auto outcome = write();
    BOOST_TEST((outcome.error().code == errc::not_sent), outcome.error().detail);
}

BOOST_AUTO_TEST_CASE(a_long_request_is_read_by_a_slow_program)
{
    argument = std::string(500'000, 'x');
    python("greet(); line = sys.stdin.readline(); open('size', 'w').write(str(len(line))); done()");
    BOOST_TEST(write().has_value());
    BOOST_TEST(file("size").size() == 6U);
}

BOOST_AUTO_TEST_CASE(a_program_that_floods_its_standard_error_still_answers)
{
    shell("greet; read -r _; yes 'something is odd' | head -c 1000000 >&2; echo \"$done\"");
    BOOST_TEST(write().has_value());
    BOOST_TEST(events.count("program.output") == 20);
}

BOOST_AUTO_TEST_CASE(a_program_that_floods_its_output_before_it_reads_is_ended)
{
    argument = std::string(500'000, 'x');
    shell("greet; exec yes '{\"type\":\"broken\",\"id\":1,\"reason\":\"r\"}'");
    const auto outcome = write();
    BOOST_TEST((outcome.error().code == errc::not_sent), outcome.error().detail);
    python("greet(); sys.stdin.readline()\n"
           "while True: print(json.dumps({'type': 'broken', 'id': 1, 'reason': 'x' * 500000}))");
    end_connector();
    described.timeout = std::chrono::minutes{5};
    const auto polled = poll(); // a poll may have such lines, but not without end
    BOOST_TEST(polled.error().detail.find("longer than 64 MiB") != std::string::npos, polled.error().detail);
}

BOOST_AUTO_TEST_CASE(a_program_that_never_answers_is_ended_and_the_next_request_gets_a_new_one)
{
    described.timeout = std::chrono::milliseconds{700};
    shell("echo $$ >>began; greet; read -r _; sleep 1000");
    const auto first = write();
    BOOST_TEST((first.error().code == errc::outcome_unknown), first.error().detail);
    const auto process = process_in("began");
    wait_for([&] { return is_gone(process); });
    BOOST_TEST(!write().has_value());
    BOOST_TEST(file("began") != std::to_string(process) + '\n');
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
