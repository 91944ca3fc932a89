#include "connectors/exec/child.hpp"

#include <boost/system/system_error.hpp>
#include <boost/throw_exception.hpp>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Boost.Process was looked at for this (1.81, both versions): it starts the new program with our signal mask and with
// the signals that we ignore ignored, runs Asio's handlers between fork and exec, and waits for the exec by blocking.
// Limits, sessions and the death of the parent would have been our code in any case.

namespace testdome_sync::exec {
namespace {

[[noreturn]] void fail(const char* what)
{
    boost::throw_exception(boost::system::system_error(errno, boost::system::system_category(), what));
}

struct pipe_ends {
    descriptor read;
    descriptor write;
};

/// Above 2, so that no end stands where a standard stream of the new process is to be put.
descriptor above_standard_streams(int number)
{
    const descriptor original(number);
    descriptor moved(::fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    if (moved.get() < 0)
        fail("no further file can be opened");
    return moved;
}

pipe_ends open_pipe()
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        fail("no pipe can be opened");
    descriptor second(ends[1]);
    auto read = above_standard_streams(ends[0]);
    return {std::move(read), above_standard_streams(second.release())};
}

void never_block(const descriptor& ours)
{
    if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0)
        fail("a pipe can't be set up");
}

/// All that the new process needs; made before it is one, as it may not allocate.
struct preparation {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    const char* directory;
    std::optional<rlimit> memory;
    int input, output, errors, report;
    pid_t parent;
};

// From here to `exec`, only what signal-safety(7) lists may be called: another thread may have held any lock.

[[noreturn]] void give_up(const preparation& prepared, start_step step)
{
    const start_report report{step, errno};
    [[maybe_unused]] const auto written = ::write(prepared.report, &report, sizeof report);
    ::_exit(127);
}

void reset_signals()
{
    for (int signal = 1; signal < NSIG; ++signal)
        ::signal(signal, SIG_DFL); // what can't be changed says so, and is as it should be
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_program(const preparation& prepared)
{
    if (::setsid() < 0)
        give_up(prepared, start_step::session);
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        give_up(prepared, start_step::parent);
    if (::getppid() != prepared.parent) // it died before it could be watched
        ::_exit(127);
    if (::dup2(prepared.input, STDIN_FILENO) < 0 || ::dup2(prepared.output, STDOUT_FILENO) < 0 ||
        ::dup2(prepared.errors, STDERR_FILENO) < 0)
        give_up(prepared, start_step::streams);
    // Through syscall(2): not closed at once, as the report is still needed if there is no such program.
    if (::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        give_up(prepared, start_step::streams);
    if (::chdir(prepared.directory) != 0)
        give_up(prepared, start_step::directory);
    const rlimit no_core{0, 0}; // it would hold names and secrets
    ::setrlimit(RLIMIT_CORE, &no_core);
    if (prepared.memory && ::setrlimit(RLIMIT_DATA, &*prepared.memory) != 0)
        give_up(prepared, start_step::memory);
    reset_signals();
    ::execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
    give_up(prepared, start_step::program);
}

pid_t fork_into(const preparation& prepared)
{
    // Asio's signal handlers write into a pipe that the new process shares with us: no signal may reach it before it
    // has none of them.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const auto pid = ::fork();
    if (pid == 0)
        become_program(prepared);
    const int error = errno;
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

} // namespace

descriptor::~descriptor()
{
    if (number_ >= 0)
        ::close(number_);
}

std::string to_text(const start_report& report, const program_settings& settings)
{
    const std::string why = std::string(" (") + ::strerrordesc_np(report.error) + ')';
    const auto& program = settings.command.front();
    switch (report.step) {
    case start_step::session: return "it can't get a session of its own" + why;
    case start_step::parent: return "it can't be tied to our life" + why;
    case start_step::streams: return "its standard input and output can't be connected" + why;
    case start_step::memory: return "its \"memory\" can't be limited" + why;
    case start_step::directory:
        return "its working directory " + settings.working_directory + " can't be entered" + why;
    case start_step::program: break;
    }
    switch (report.error) {
    case ENOENT: return "there is no program " + program + ", or not the interpreter that its first line names" + why;
    case EACCES: return program + " may not be executed by this user" + why;
    case ENOEXEC: return program + " is no program, and has no first line such as #!/bin/sh" + why;
    default: return program + " can't be executed" + why;
    }
}

child begin(const program_settings& settings)
{
    auto input = open_pipe(), output = open_pipe(), errors = open_pipe(), report = open_pipe();
    for (const auto* ours : {&input.write, &output.read, &errors.read, &report.read})
        never_block(*ours);
    preparation prepared{{},
                         {},
                         settings.working_directory.c_str(),
                         std::nullopt,
                         input.read.get(),
                         output.write.get(),
                         errors.write.get(),
                         report.write.get(),
                         ::getpid()};
    for (const auto& one : settings.command)
        prepared.arguments.push_back(const_cast<char*>(one.c_str()));
    prepared.arguments.push_back(nullptr);
    for (const auto& one : settings.environment)
        prepared.environment.push_back(const_cast<char*>(one.reveal().c_str()));
    prepared.environment.push_back(nullptr);
    if (settings.memory_bytes)
        prepared.memory = rlimit{*settings.memory_bytes, *settings.memory_bytes};
    child made;
    made.pid = fork_into(prepared);
    if (made.pid < 0)
        fail("no further process can be started");
    made.process = descriptor(static_cast<int>(::syscall(SYS_pidfd_open, made.pid, 0))); // close-on-exec by itself
    if (made.process.get() < 0) {
        const int error = errno;
        ::kill(made.pid, SIGKILL);
        ::waitpid(made.pid, nullptr, 0);
        errno = error;
        fail("the process can't be watched");
    }
    made.input = std::move(input.write);
    made.output = std::move(output.read);
    made.errors = std::move(errors.read);
    made.report = std::move(report.read);
    return made;
}

} // namespace testdome_sync::exec
