#include "daemon/commands.hpp"
#include "daemon/control_server.hpp"
#include "daemon/control_service.hpp"
#include "daemon/listen_service.hpp"
#include "daemon/lock_file.hpp"
#include "daemon/log_writer.hpp"
#include "daemon/service.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/supervisor.hpp"

namespace testdome_sync::daemon {
namespace asio = boost::asio;

namespace {

struct prepared {
    std::unique_ptr<lock_file> lock;
    std::unique_ptr<foundation> base;
    std::unique_ptr<active_configuration> program;
};

prepared prepare(const common_options& options)
{
    auto configuration = read_configuration(options.config);
    auto events = create_log_writer(configuration.main.log, create_sink(configuration.main.log.format));
    events->emit("service.started",
                 "testdome-sync " TESTDOME_SYNC_VERSION ", " + std::to_string(configuration.mappings.size()) +
                     " mapping(s)",
                 {{"version", TESTDOME_SYNC_VERSION}});
    const auto path = configuration.main.ledger_path;
    prepared made;
    made.lock = std::make_unique<lock_file>(path);
    made.base = std::make_unique<foundation>(sync::open_sqlite_ledger(path, sync::ledger_access::write));
    made.program = make_active(std::move(configuration), *made.base, std::move(events));
    return made;
}

} // namespace

int run(const common_options& options)
{
    auto made = prepare(options);
    const auto ledger_path = made.program->program.world().settings.ledger_path;
    service served(options.config, *made.base, std::move(made.program));
    const auto commands = take_commands(served, *made.base, *made.lock, ledger_path);
    supervisor supervised(made.base->context, {[&] { served.stop(); }, [&] { served.reload(); }});
    listen_service listens(served, *made.base);
    served.when_reloaded([&] { listens.follow(); });
    served.events().emit("service.ready", served.status());
    tell_ready(served.status());
    supervised.supervise(served.live());
    return exit_status::well;
}

int once(const common_options& options)
{
    auto made = prepare(options);
    auto& engine = made.program->engine;
    supervisor supervised(made.base->context, {[&] {
                              tell_stopping(made.program->program.events());
                              engine.stop();
                          }});
    bool everything_answered = false;
    auto cycle = [&]() -> asio::awaitable<void> { everything_answered = co_await engine.run_once(); };
    supervised.supervise(cycle());
    return everything_answered ? exit_status::well : exit_status::temporary_failure;
}

} // namespace testdome_sync::daemon
