#include "connectors/exec/descendants.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace testdome_sync::exec {
namespace asio = boost::asio;
namespace {

/// proc(5), /proc/PID/task/TID/children: it may leave somebody out while others end, so it is read again after each
/// death.
std::set<pid_t> children_of_this_process()
{
    std::set<pid_t> all;
    std::error_code ignored;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", ignored)) {
        std::ifstream list(thread.path() / "children");
        for (pid_t child = 0; list >> child;)
            all.insert(child);
    }
    return all;
}

} // namespace

std::shared_ptr<descendants> descendants::create(asio::any_io_executor event_loop)
{
    return std::shared_ptr<descendants>(new descendants(std::move(event_loop)));
}

descendants::descendants(asio::any_io_executor event_loop)
    : event_loop_(std::move(event_loop)), from_before_(children_of_this_process())
{
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void descendants::ended(pid_t program)
{
    programs_.erase(program);
    kill_left_behind();
}

void descendants::kill_left_behind()
{
    for (const auto child : children_of_this_process())
        if (!programs_.contains(child) && !from_before_.contains(child) && !dying_.contains(child) &&
            !programs_.contains(::getsid(child)))
            kill_and_wait(child);
}

void descendants::kill_and_wait(pid_t process)
{
    ::kill(process, SIGKILL);
    const auto watched = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
    if (watched < 0)
        return; // the next look finds it again
    dying_.insert(process);
    wait_for(process, std::make_shared<asio::posix::stream_descriptor>(event_loop_, watched));
}

/// Its own children become ours as it dies, so another look follows.
void descendants::wait_for(pid_t process, std::shared_ptr<asio::posix::stream_descriptor> death)
{
    auto& watched = *death;
    watched.async_wait(
        asio::posix::stream_descriptor::wait_read,
        [self = shared_from_this(), death = std::move(death), process](const boost::system::error_code& error) mutable {
            if (error)
                return;
            if (::waitpid(process, nullptr, WNOHANG) == 0) // woken for nothing
                return self->wait_for(process, std::move(death));
            self->dying_.erase(process);
            self->kill_left_behind();
        });
}

} // namespace testdome_sync::exec
