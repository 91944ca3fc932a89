#include "daemon/commands.hpp"
#include "tests/sandbox/sandbox.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <iostream>

namespace testdome_sync::daemon {

int sandbox(const sandbox_command_options& options)
{
    boost::asio::io_context context(1);
    sandbox::sandbox_options wanted;
    wanted.port = options.port;
    wanted.directory = options.directory;
    wanted.more_applicants = options.applicants;
    wanted.break_one_in = options.break_one_in;
    wanted.tokens = std::chrono::seconds{options.token_seconds};
    wanted.invitations_late = std::chrono::milliseconds{options.invitations_late};
    wanted.arriving_within = std::chrono::seconds{options.arriving_within};
    wanted.applicants_wait = options.applicants_wait;
    wanted.hr_systems = options.hr_systems;
    sandbox::sandbox running(context.get_executor(), wanted);
    std::cout << "TestDome and Greenhouse, made up, on " << running.url()
              << "\nconfiguration: " << running.configuration_path() << std::endl;
    boost::asio::signal_set signals(context, SIGTERM, SIGINT);
    signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
    context.run();
    return exit_status::well;
}

} // namespace testdome_sync::daemon
