#include "sync/sync_to_disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace testdome_sync::sync {

std::error_code sync_to_disk(const std::string& path)
{
    const int opened = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (opened < 0)
        return {errno, std::generic_category()};
    const auto outcome = ::fsync(opened) == 0 ? std::error_code{} : std::error_code{errno, std::generic_category()};
    ::close(opened);
    return outcome;
}

} // namespace testdome_sync::sync
