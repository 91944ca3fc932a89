#include "daemon/bug_report/machine.hpp"

#include <boost/version.hpp>

#include <link.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string_view>

namespace testdome_sync::bug_report {
namespace fs = std::filesystem;
namespace {

/// The files behind the names that the loader knows: `libyaml-cpp.so.0.7.0` tells a version.
std::set<std::string> linked_libraries()
{
    std::set<std::string> names;
    const auto take = [](::dl_phdr_info* one, std::size_t, void* into) {
        std::error_code missing;
        const auto file = fs::canonical(one->dlpi_name, missing);
        if (!missing && file.filename().string().find(".so") != std::string::npos)
            static_cast<std::set<std::string>*>(into)->insert(file.filename().string());
        return 0;
    };
    ::dl_iterate_phdr(take, &names);
    return names;
}

std::string debian()
{
    std::ifstream release("/etc/os-release");
    std::string name = "unknown";
    constexpr std::string_view key = "PRETTY_NAME=";
    for (std::string line; std::getline(release, line);)
        if (line.starts_with(key))
            name = line.substr(key.size());
    std::string version;
    std::getline(std::ifstream("/etc/debian_version"), version);
    return name + (version.empty() ? "" : " (" + version + ")");
}

/// What a program of the system prints, each line indented; it is no input of anybody that is carried out here.
std::string output_of(const char* command)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> program(::popen(command, "r"), ::pclose);
    std::string text;
    char line[512];
    while (program && ::fgets(line, sizeof line, program.get()))
        text.append("  ").append(line);
    return text;
}

} // namespace

std::string machine_text()
{
    ::utsname kernel{};
    ::uname(&kernel);
    std::string text = "  compiler " __VERSION__ ", Boost " BOOST_LIB_VERSION "\n";
    text +=
        "  system " + debian() + "\n  kernel " + kernel.sysname + ' ' + kernel.release + ' ' + kernel.machine + '\n';
    text += "  libraries";
    for (const auto& one : linked_libraries())
        text += ' ' + one;
    text += '\n';
    if (::access("/run/systemd/system", F_OK) != 0)
        return text + "  systemd does not run here\n";
    return text + output_of("systemctl --version 2>/dev/null | head -n 1") +
           output_of("systemctl show testdome-sync --property=LoadState,ActiveState,SubState,Result,NRestarts,"
                     "ExecMainStatus,ActiveEnterTimestamp 2>/dev/null");
}

} // namespace testdome_sync::bug_report
