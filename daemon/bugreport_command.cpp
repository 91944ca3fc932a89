#include "daemon/bug_report/report.hpp"
#include "daemon/commands.hpp"
#include "daemon/new_file.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace testdome_sync::daemon {
namespace {

/// Where secrets can be read, so that they are known and hidden: by the service's side, and by root beside it.
std::string readable_credentials(const std::string& configuration)
{
    const char* given = std::getenv("CREDENTIALS_DIRECTORY");
    const std::array places{std::string(given ? given : ""), std::string("/run/credentials/testdome-sync.service"),
                            (std::filesystem::path(configuration).parent_path() / "credentials").string()};
    for (const auto& one : places)
        if (!one.empty() && ::access(one.c_str(), R_OK | X_OK) == 0)
            return one;
    return {};
}

} // namespace

int bug_report(const common_options& options, const std::string& output)
{
    constexpr std::size_t log_lines = 300;
    const auto text = testdome_sync::bug_report::report_text(
        {options.config, readable_credentials(options.config), std::chrono::system_clock::now(),
         [] { return testdome_sync::bug_report::last_journal_lines(log_lines); }});
    if (output.empty()) {
        std::cout << text;
        return exit_status::well;
    }
    write_new_file(output, text);
    std::cerr << output << " is written: look through it, then send it\n";
    return exit_status::well;
}

} // namespace testdome_sync::daemon
