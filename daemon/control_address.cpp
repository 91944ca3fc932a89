#include "daemon/control_address.hpp"

#include <boost/system/system_error.hpp>

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace testdome_sync::daemon {
namespace fs = std::filesystem;

std::string control_socket_path(const std::string& ledger_path)
{
    const char* runtime = std::getenv("RUNTIME_DIRECTORY"); // several are parted by colons (systemd.exec(5))
    if (runtime && *runtime != '\0') {
        const std::string folders = runtime;
        return folders.substr(0, folders.find(':')) + "/control.sock";
    }
    return fs::absolute(ledger_path).lexically_normal().string() + ".sock";
}

control_address::control_address(const std::string& path)
{
    if (path.size() < sizeof(sockaddr_un::sun_path)) {
        endpoint_.path(path);
        return;
    }
    const fs::path whole(path);
    folder_ = ::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder_ < 0)
        throw boost::system::system_error(errno, boost::system::system_category(), whole.parent_path().string());
    endpoint_.path("/proc/self/fd/" + std::to_string(folder_) + '/' + whole.filename().string());
}

control_address::~control_address()
{
    if (folder_ >= 0)
        ::close(folder_);
}

} // namespace testdome_sync::daemon
