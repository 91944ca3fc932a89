#include "daemon/lock_file.hpp"

#include "sync/ledger.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace testdome_sync::daemon {
namespace {

locked held_by_another(const std::string& path, int descriptor)
{
    std::array<char, 4200> text{}; // a process's number and a path
    const auto length = ::read(descriptor, text.data(), text.size());
    const std::string holder(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    const auto end = holder.find('\n');
    const auto pid = holder.substr(0, end);
    auto socket = end == std::string::npos ? std::string{} : holder.substr(end + 1);
    socket.erase(std::min(socket.find('\n'), socket.size()));
    return {"another testdome-sync" + (pid.empty() ? std::string{} : " (process " + pid + ")") +
                " works with this ledger (lock " + path + "); nothing was done",
            std::move(socket)};
}

void give_to_owner_of(const std::string& ledger_path, int descriptor)
{
    struct stat ledger {};
    const auto folder = std::filesystem::absolute(ledger_path).parent_path();
    if (::geteuid() == 0 && (::stat(ledger_path.c_str(), &ledger) == 0 || ::stat(folder.c_str(), &ledger) == 0))
        [[maybe_unused]]
        const int given = ::fchown(descriptor, ledger.st_uid, ledger.st_gid);
}

} // namespace

lock_file::lock_file(const std::string& ledger_path)
{
    const auto path = ledger_path + ".lock";
    descriptor_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (descriptor_ < 0)
        throw sync::ledger_error("the ledger can't be locked: " + path +
                                 " can't be written: " + std::generic_category().message(errno) +
                                 "; its directory must exist, be writable for this user and have room");
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        const auto why = held_by_another(path, descriptor_);
        ::close(descriptor_);
        throw why;
    }
    give_to_owner_of(ledger_path, descriptor_);
    announce({});
}

lock_file::~lock_file()
{
    ::close(descriptor_);
}

void lock_file::announce(const std::string& control_socket)
{
    auto text = std::to_string(::getpid()) + '\n';
    if (!control_socket.empty())
        text += control_socket + '\n';
    const bool noted = ::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, text.data(), text.size(), 0) > 0;
    static_cast<void>(noted); // a help for people, the lock holds without it
}

} // namespace testdome_sync::daemon
