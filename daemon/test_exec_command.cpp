#include "connectors/exec/conformance.hpp"
#include "connectors/exec/processes.hpp"
#include "daemon/commands.hpp"
#include "daemon/real_clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string_view>

namespace testdome_sync::daemon {
namespace asio = boost::asio;
namespace json = boost::json;

namespace {

const char* name_of(exec::conformance outcome)
{
    switch (outcome) {
    case exec::conformance::ok: return "ok";
    case exec::conformance::failed: return "failed";
    case exec::conformance::skipped: return "skipped";
    }
    return "";
}

/// `NAME=VALUE` as it is; of `NAME`, our own value: a secret need not stand in a command line.
std::string variable(const std::string& written)
{
    if (written.find('=') != std::string::npos)
        return written;
    const char* value = std::getenv(written.c_str());
    if (!value)
        throw std::runtime_error("the environment variable " + written + " is not set");
    return written + '=' + value;
}

exec::conformance_options examined(const test_exec_options& wanted)
{
    exec::conformance_options options;
    options.program.command = wanted.command;
    options.program.command.front() = std::filesystem::absolute(wanted.command.front()).string();
    options.program.working_directory = std::filesystem::current_path().string();
    options.program.environment.emplace_back("PATH=/usr/local/bin:/usr/bin:/bin");
    for (const auto& one : wanted.environment)
        options.program.environment.emplace_back(variable(one));
    options.writes = wanted.writes;
    options.timeout = std::chrono::seconds{wanted.timeout};
    return options;
}

} // namespace

int split_test_exec(int argc, char** argv, test_exec_options& wanted)
{
    auto** const end = argv + argc;
    auto** const flag = std::find(argv, end, std::string_view("--test-exec"));
    if (flag == end)
        return argc;
    wanted.command.assign(flag + 1, end);
    return static_cast<int>(flag + 1 - argv);
}

int test_exec(const common_options& options, const test_exec_options& wanted)
{
    if (wanted.command.empty()) {
        std::cerr << "testdome-sync: --test-exec needs the program to test, and its arguments\n";
        return exit_status::wrong_usage;
    }
    asio::io_context context{1};
    real_clock clock;
    const auto programs = exec::create_program_launcher(context.get_executor());
    json::array all;
    const auto report = [&](const exec::conformance_result& one) {
        all.push_back({{"what", one.what}, {"outcome", name_of(one.outcome)}, {"explanation", one.explanation}});
        if (!options.json)
            std::cout << name_of(one.outcome) << std::string(9 - std::string(name_of(one.outcome)).size(), ' ')
                      << one.what << (one.explanation.empty() ? "" : ": " + one.explanation) << std::endl;
    };
    bool well = false;
    std::exception_ptr failure;
    asio::co_spawn(context, exec::test_conformance(*programs, clock, examined(wanted), report),
                   [&](std::exception_ptr error, bool outcome) {
                       failure = error;
                       well = outcome;
                       context.stop();
                   });
    context.run();
    if (failure)
        std::rethrow_exception(failure);
    if (options.json)
        std::cout << json::serialize(all) << '\n';
    return well ? exit_status::well : exit_status::not_well;
}

} // namespace testdome_sync::daemon
