#include "daemon/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace testdome_sync::daemon {

void write_new_file(const std::string& path, const std::string& text)
{
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (file < 0 && errno == EEXIST)
        throw std::runtime_error(path + " exists already and is left as it is; give another name");
    bool well = file >= 0;
    for (std::size_t written = 0; well && written < text.size();) {
        const auto count = ::write(file, text.data() + written, text.size() - written);
        well = count > 0 || (count < 0 && errno == EINTR);
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    const auto why = errno;
    if (file >= 0)
        well = ::close(file) == 0 && well;
    if (!well)
        throw std::system_error(why, std::generic_category(), path + " can't be written");
}

} // namespace testdome_sync::daemon
