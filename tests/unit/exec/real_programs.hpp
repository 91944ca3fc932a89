#pragma once

#include "connectors/exec/connector.hpp"
#include "connectors/exec/processes.hpp"
#include "daemon/real_clock.hpp"
#include "tests/support/recorded_events.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json/object.hpp>

#include <exception>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace testdome_sync::exec {

/// Real processes in a directory of their own. Whatever a test waits for comes within half a minute, or it fails.
struct real_programs {
    real_programs()
    {
        auto name = (std::filesystem::temp_directory_path() / "exec-test.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        described.mapping = "engineering";
        described.program.environment.emplace_back("PATH=/usr/local/bin:/usr/bin:/bin");
        described.program.working_directory = directory;
        described.actions = {{"note", sync::repeatability::uncertain}};
        described.timeout = std::chrono::seconds{20};
    }
    ~real_programs()
    {
        made_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(directory, ignored);
    }
    real_programs(const real_programs&) = delete;
    real_programs& operator=(const real_programs&) = delete;

    /// The program is this text, as a shell's or Python's script.
    void shell(const std::string& text) { described.program.command = {"/bin/sh", "-c", shell_words + text}; }
    void python(const std::string& text)
    {
        described.program.command = {"/usr/bin/python3", "-c", python_words + text};
    }

    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        std::exception_ptr thrown;
        std::optional<T> answer;
        boost::asio::co_spawn(context, std::move(work), [&](std::exception_ptr error, T value) {
            thrown = error;
            if (!error)
                answer.emplace(std::move(value));
        });
        wait_for([&] { return answer || thrown; });
        if (thrown)
            std::rethrow_exception(thrown);
        return std::move(*answer);
    }

    /// Runs the event loop until that is so.
    void wait_for(const std::function<bool()>& what)
    {
        const auto until = clock.now() + std::chrono::minutes{2};
        context.restart();
        while (!what()) {
            if (clock.now() > until)
                throw std::runtime_error("what the test waits for does not come");
            context.restart();
            context.run_one_for(std::chrono::milliseconds{20});
        }
    }

    sync::hr_connector& connector()
    {
        if (!made_)
            made_ = create_connector(described, *launcher, clock, events);
        return *made_;
    }
    sync::result<sync::write_outcome> write()
    {
        sync::write_order order;
        order.action = "note";
        order.argument = argument;
        return run(connector().write(std::move(order)));
    }
    sync::result<sync::poll_answer> poll() { return run(connector().poll({})); }
    void end_connector() { made_.reset(); }

    std::string file(const std::string& name) const
    {
        std::ostringstream text;
        text << std::ifstream(directory + '/' + name).rdbuf();
        return text.str();
    }
    /// The process that has written its number into that file.
    pid_t process_in(const std::string& name)
    {
        wait_for([&] { return file(name).ends_with('\n'); });
        return static_cast<pid_t>(std::stol(file(name)));
    }
    /// Neither running nor waiting to be waited for.
    static bool is_gone(pid_t process) { return !std::filesystem::exists("/proc/" + std::to_string(process)); }

    static inline const std::string shell_words = R"(
hello='{"type":"hello","protocol":1,"actions":{"note":"uncertain"}}'
greet() { read -r _; echo "$hello"; }
done='{"type":"done","id":1,"outcome":"done"}'
)";
    static inline const std::string python_words = R"(
import os, sys, time, json, signal
def greet():
    sys.stdin.readline()
    print('{"type":"hello","protocol":1,"actions":{"note":"uncertain"}}', flush=True)
def done(id=1):
    print('{"type":"done","id":%d,"outcome":"done"}' % id, flush=True)
)";

    std::string directory;
    boost::asio::io_context context{1};
    daemon::real_clock clock;
    testing::recorded_events events;
    std::unique_ptr<program_launcher> launcher = create_program_launcher(context.get_executor());
    description described;
    std::string argument = "text";

private:
    std::unique_ptr<sync::hr_connector> made_;
};

} // namespace testdome_sync::exec
