#include "tests/unit/exec/real_programs.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace testdome_sync::exec {
using sync::errc;

BOOST_FIXTURE_TEST_SUITE(real_processes, real_programs)

BOOST_AUTO_TEST_CASE(a_program_is_kept_for_a_burst_and_ended_by_closing_its_input)
{
    described.idle = std::chrono::milliseconds{50};
    python(R"(
greet()
open("began", "a").write("x")
for line in sys.stdin:
    done(json.loads(line)["id"])
open("ended", "w").write("by itself\n")
)");
    BOOST_TEST(write().has_value());
    BOOST_TEST(poll().has_value());
    BOOST_TEST(file("began") == "x");
    wait_for([&] { return file("ended") == "by itself\n"; });
    const auto again = write();
    BOOST_TEST(again.has_value(), again.error().detail);
    BOOST_TEST(file("began") == "xx");
}

BOOST_AUTO_TEST_CASE(without_idle_time_each_request_has_a_program_of_its_own)
{
    described.idle = std::chrono::milliseconds{0};
    shell("greet; read -r _; echo x >>began; echo \"$done\"");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(write().has_value());
    BOOST_TEST(file("began") == "x\nx\nx\n");
}

BOOST_AUTO_TEST_CASE(a_program_that_has_ended_while_it_had_nothing_to_do_is_started_again)
{
    shell("greet; read -r _; echo \"$done\"; echo $$ >>began");
    BOOST_TEST(write().has_value());
    const auto first = process_in("began");
    wait_for([&] { return is_gone(first); });
    const auto outcome = write();
    BOOST_TEST(outcome.has_value(), outcome.error().detail);
}

BOOST_AUTO_TEST_CASE(it_gets_the_configured_environment_and_nothing_else)
{
    ::setenv("EXEC_TEST_LEAK", "of the daemon", 1);
    described.program.environment.emplace_back("HR_TOKEN=t0ken");
    described.program.command = {"/usr/bin/env"}; // prints it, which is no hello
    const auto outcome = write();
    BOOST_TEST(outcome.error().detail.find("PATH=/usr/local/bin") != std::string::npos, outcome.error().detail);
    python("greet(); sys.stdin.readline(); open('env', 'w').write(' '.join(sorted(os.environ))); done()");
    end_connector();
    BOOST_TEST(write().has_value());
    // LC_CTYPE is set by Python itself (PEP 538).
    BOOST_TEST((file("env") == "HR_TOKEN PATH" || file("env") == "HR_TOKEN LC_CTYPE PATH"), file("env"));
}

BOOST_AUTO_TEST_CASE(its_end_is_noticed_also_where_ours_has_inherited_an_ignored_sigchld)
{
    std::signal(SIGCHLD, SIG_IGN);
    shell("greet; read -r _; exit 3");
    const auto outcome = write();
    BOOST_TEST(outcome.error().detail.find("it ended with status 3") != std::string::npos, outcome.error().detail);
}

BOOST_AUTO_TEST_CASE(it_gets_no_open_file_no_blocked_and_no_ignored_signal)
{
    const int leak = ::open("/dev/null", O_RDONLY); // NOLINT: without O_CLOEXEC, as a careless library has it
    ::dup2(leak, 77);
    std::signal(SIGHUP, SIG_IGN);
    sigset_t blocked, before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGUSR1);
    ::pthread_sigmask(SIG_BLOCK, &blocked, &before);
    shell("greet; read -r _; ls /proc/self/fd >files; grep -E '^Sig(Blk|Ign)' /proc/self/status >signals; echo "
          "\"$done\"");
    BOOST_TEST(write().has_value());
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    std::signal(SIGHUP, SIG_DFL);
    ::close(77);
    ::close(leak);
    BOOST_TEST(file("files") == "0\n1\n2\n3\n"); // 3 is the list itself
    BOOST_TEST(file("signals") == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

BOOST_AUTO_TEST_CASE(it_works_in_its_directory_and_leads_a_session_of_its_own)
{
    python("greet(); sys.stdin.readline(); open('here', 'w').write(str(os.getsid(0) == os.getpid() == os.getpgrp())); "
           "done()");
    BOOST_TEST(write().has_value());
    BOOST_TEST(file("here") == "True");
}

BOOST_AUTO_TEST_CASE(its_memory_is_limited)
{
    described.program.memory_bytes = 64 * 1024 * 1024;
    python("greet(); sys.stdin.readline(); x = bytearray(100 * 1024 * 1024); done()");
    const auto outcome = write();
    BOOST_TEST((outcome.error().code == errc::outcome_unknown));
    BOOST_TEST(outcome.error().detail.find("it ended with status 1") != std::string::npos, outcome.error().detail);
    wait_for([&] { return events.count("program.output") > 0; });
    BOOST_TEST(events.all.back().text == "MemoryError");
}

BOOST_AUTO_TEST_CASE(what_can_not_be_started_is_told_with_what_to_do)
{
    const std::vector<std::pair<std::vector<std::string>, std::string>> table{
        {{"/no/such/program"},
         "write by /no/such/program: the program /no/such/program was not started: there is no "
         "program /no/such/program"},
        {{"/etc/passwd"}, "/etc/passwd may not be executed by this user (Permission denied)"},
        {{directory + "/text"}, "/text is no program, and has no first line such as #!/bin/sh"},
        {{directory + "/lost"}, "or not the interpreter that its first line names"},
    };
    std::ofstream(directory + "/text") << "just text\n";
    std::ofstream(directory + "/lost") << "#!/no/such/interpreter\n";
    std::filesystem::permissions(directory + "/text", std::filesystem::perms::owner_all);
    std::filesystem::permissions(directory + "/lost", std::filesystem::perms::owner_all);
    for (const auto& [command, what] : table) {
        described.program.command = command;
        end_connector();
        const auto outcome = write();
        BOOST_REQUIRE(!outcome);
        BOOST_TEST((outcome.error().code == errc::not_sent));
        BOOST_TEST(outcome.error().detail.find(what) != std::string::npos, outcome.error().detail);
    }
    shell("greet");
    described.program.working_directory = "/no/such/directory";
    end_connector();
    BOOST_TEST(write().error().detail.find("its working directory /no/such/directory can't be entered") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(it_ends_with_everything_that_it_has_started)
{
    described.timeout = std::chrono::milliseconds{1500};
    // A child in its group, one in a session of its own, and a daemon that has left them all.
    python(R"(
import subprocess
greet()
def note(name, pid):
    open(name, "w").write("%d\n" % pid)
note("child", subprocess.Popen(["sleep", "1000"]).pid)
note("session", subprocess.Popen(["sleep", "1000"], start_new_session=True).pid)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        note("daemon", os.getpid())
        time.sleep(1000)
    os._exit(0)
note("program", os.getpid())
time.sleep(1000)
)");
    std::optional<sync::result<sync::write_outcome>> outcome;
    sync::write_order order;
    order.action = "note";
    boost::asio::co_spawn(context, connector().write(order),
                          [&](std::exception_ptr, auto answer) { outcome.emplace(answer); });
    std::vector<pid_t> all;
    for (const auto* name : {"program", "child", "session", "daemon"})
        all.push_back(process_in(name));
    wait_for([&] { return outcome.has_value(); });
    BOOST_TEST((outcome->error().code == errc::outcome_unknown));
    for (const auto one : all)
        wait_for([one] { return is_gone(one); });
}

BOOST_AUTO_TEST_CASE(a_child_of_ours_from_before_and_the_children_of_other_programs_are_left_alone)
{
    context.restart();
    const auto ours = ::fork();
    if (ours == 0) {
        ::execl("/bin/sleep", "sleep", "1000", nullptr);
        ::_exit(127);
    }
    // One that runs on, with a child whose parent has gone.
    shell("greet; (sleep 1000 & echo $! >orphan); while read -r _; do echo \"$done\"; done");
    BOOST_TEST(write().has_value());
    const auto orphan = process_in("orphan");
    auto other = described;
    other.program.command = {"/bin/sh", "-c", shell_words + "greet; read -r _; echo \"$done\"; echo $$ >other"};
    auto second = create_connector(other, *launcher, clock, events);
    sync::write_order order;
    order.action = "note";
    BOOST_TEST(run(second->write(order)).has_value());
    const auto ended = process_in("other");
    wait_for([&] { return is_gone(ended); });
    BOOST_TEST(!is_gone(orphan));
    BOOST_TEST(!is_gone(ours));
    end_connector();
    wait_for([&] { return is_gone(orphan); });
    BOOST_TEST(!is_gone(ours));
    ::kill(ours, SIGKILL);
    ::waitpid(ours, nullptr, 0);
}

BOOST_AUTO_TEST_CASE(it_dies_with_us)
{
    python("greet(); open('program', 'w').write('%d\\n' % os.getpid()); sys.stdin.readline(); time.sleep(1000)");
    const auto us = ::fork();
    if (us == 0) {
        boost::asio::io_context loop{1};
        const auto programs = create_program_launcher(loop.get_executor());
        const auto made = create_connector(described, *programs, clock, events);
        boost::asio::co_spawn(loop, made->poll({}), [](std::exception_ptr, const auto&) {});
        loop.run();
        ::_exit(0);
    }
    const auto program = process_in("program");
    ::kill(us, SIGKILL);
    ::waitpid(us, nullptr, 0);
    wait_for([&] {
        ::waitpid(program, nullptr, WNOHANG); // it may have become our child
        return is_gone(program);
    });
}

BOOST_AUTO_TEST_CASE(a_program_that_ignores_the_end_of_its_input_is_terminated)
{
    described.idle = std::chrono::milliseconds{0};
    python(R"(
def leave(*_):
    open("told", "w").write("terminated\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, leave)
greet()
sys.stdin.readline()
done()
while True:
    time.sleep(1000)
)");
    BOOST_TEST(write().has_value());
    wait_for([&] { return file("told") == "terminated\n"; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::exec
