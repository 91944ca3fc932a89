#include "daemon/lock_file.hpp"

#include "sync/ledger.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace testdome_sync::daemon {

lock_file::lock_file(const std::string& path) : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640))
{
    if (descriptor_ < 0)
        throw sync::ledger_error("the ledger can't be locked: " + path +
                                 " can't be written: " + std::generic_category().message(errno) +
                                 "; its directory must exist, be writable for this user and have room");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        std::array<char, 32> holder{};
        const auto length = ::read(descriptor_, holder.data(), holder.size() - 1);
        ::close(descriptor_);
        const std::string pid(holder.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
        throw locked("another testdome-sync" +
                     (pid.empty() ? std::string{} : " (process " + pid.substr(0, pid.find('\n')) + ")") +
                     " works with this ledger (lock " + path + "); nothing was done");
    }
    const auto pid = std::to_string(::getpid()) + '\n';
    const bool noted = ::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, pid.data(), pid.size(), 0) > 0;
    static_cast<void>(noted); // the process id is a help for people, the lock holds without it
}

lock_file::~lock_file()
{
    ::close(descriptor_);
}

} // namespace testdome_sync::daemon
