#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <memory>
#include <set>

#include <sys/types.h>

namespace testdome_sync::exec {

/// Sees to it that a program ends with everything that it has started, also with what has left its session. Whoever
/// loses his parent becomes a child of ours; a child of ours that is in the session of no running program has been left
/// behind and is killed. One thread; one object for each process, held by `create` and by what still waits.
class descendants : public std::enable_shared_from_this<descendants> {
public:
    /// From now on. Who is our child already is left alone.
    static std::shared_ptr<descendants> create(boost::asio::any_io_executor event_loop);

    /// A program runs, the leader of a session of its own.
    void began(pid_t program) { programs_.insert(program); }
    /// It has ended and was waited for: whoever it has left behind is killed.
    void ended(pid_t program);

private:
    explicit descendants(boost::asio::any_io_executor event_loop);
    void kill_left_behind();
    void kill_and_wait(pid_t process);
    void wait_for(pid_t process, std::shared_ptr<boost::asio::posix::stream_descriptor> death);

    boost::asio::any_io_executor event_loop_;
    std::set<pid_t> programs_;
    std::set<pid_t> from_before_;
    std::set<pid_t> dying_;
};

} // namespace testdome_sync::exec
