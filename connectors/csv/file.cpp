#include "connectors/csv/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace testdome_sync::csv {
namespace {

sync::failure no_regular_file(const std::string& path)
{
    return {sync::errc::not_sent, path + ": it is no regular file"};
}

std::int64_t nanoseconds(const timespec& time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

file_state state_from(const struct stat& of, const std::string& path)
{
    const auto size = static_cast<std::uint64_t>(of.st_size);
    // The time of the last change of any kind notices what was written with its old time of modification set again.
    return {name_of(path), path, size, nanoseconds(of.st_mtim),
            std::to_string(size) + '-' + std::to_string(nanoseconds(of.st_mtim)) + '-' +
                std::to_string(nanoseconds(of.st_ctim)) + '-' + std::to_string(of.st_ino)};
}

} // namespace

sync::result<file> file::open(const std::string& path, int flags, mode_t mode)
{
    const auto descriptor = ::open(path.c_str(), flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, mode);
    if (descriptor < 0)
        return file_failure(path, errno);
    file opened(descriptor, path);
    struct stat of {};
    if (::fstat(descriptor, &of) != 0)
        return file_failure(path, errno);
    if (!S_ISREG(of.st_mode))
        return no_regular_file(path);
    return opened;
}

file::~file()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

file::file(file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

file& file::operator=(file&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    return *this;
}

file_state file::state() const
{
    struct stat of {};
    if (::fstat(descriptor_, &of) != 0)
        throw std::system_error(errno, std::generic_category(), path_);
    return state_from(of, path_);
}

std::size_t file::read(char* into, std::size_t size)
{
    for (;;) {
        const auto got = ::read(descriptor_, into, size);
        if (got >= 0)
            return static_cast<std::size_t>(got);
        if (errno != EINTR)
            throw std::system_error(errno, std::generic_category(), path_);
    }
}

sync::result<file_state> state_of(const std::string& path)
{
    struct stat of {};
    if (::stat(path.c_str(), &of) != 0)
        return file_failure(path, errno);
    if (!S_ISREG(of.st_mode))
        return no_regular_file(path);
    return state_from(of, path);
}

sync::failure file_failure(const std::string& path, int error)
{
    auto text = path + ": " + std::generic_category().message(error);
    if (error == EACCES || error == EPERM)
        text += "; give the user that the program runs as (testdome-sync) access to it";
    else if (error == EROFS)
        text += "; as a service, the program writes only where its unit allows it: ReadWritePaths=" + folder_of(path);
    return {sync::errc::not_sent, std::move(text)};
}

std::string name_of(const std::string& path)
{
    return path.substr(path.rfind('/') + 1);
}

std::string folder_of(const std::string& path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace testdome_sync::csv
