#include "daemon/background_check.hpp"
#include "daemon/commands.hpp"
#include "daemon/control_server.hpp"
#include "daemon/control_service.hpp"
#include "daemon/lease_keeper.hpp"
#include "daemon/listen_service.hpp"
#include "daemon/lock_file.hpp"
#include "daemon/log_writer.hpp"
#include "daemon/service.hpp"
#include "daemon/service_manager.hpp"
#include "daemon/standby.hpp"
#include "daemon/supervisor.hpp"
#include "daemon/working_ledger.hpp"

#include <optional>

namespace testdome_sync::daemon {
namespace asio = boost::asio;

namespace {

struct prepared {
    std::unique_ptr<lock_file> lock;
    std::unique_ptr<foundation> base;
    std::unique_ptr<active_configuration> program;
};

enum class ledger_wait { none, as_long_as_it_takes };

/// Nothing if the process was asked to stop while it waited.
std::optional<prepared> prepare(const common_options& options, ledger_wait wait)
{
    auto configuration = read_configuration(options.config);
    auto events = create_log_writer(configuration.main.log, create_sink(configuration.main.log.format));
    events->emit("service.started",
                 "testdome-sync " TESTDOME_SYNC_VERSION ", " + std::to_string(configuration.mappings.size()) +
                     " mapping(s)",
                 {{"version", TESTDOME_SYNC_VERSION}});
    std::optional<working_ledger> opened;
    if (wait == ledger_wait::none)
        opened = open_to_work(configuration.main.ledger, sync::ledger_access::write);
    else
        opened = stand_by(options.config, configuration, *events);
    if (!opened)
        return std::nullopt;
    prepared made;
    made.lock = std::move(opened->lock);
    made.base = std::make_unique<foundation>(std::move(opened->ledger));
    if (wait == ledger_wait::as_long_as_it_takes && made.base->ledger->shared())
        made.base->parts = std::make_unique<sync::own_parts>();
    made.program = make_active(std::move(configuration), *made.base, std::move(events));
    look_for_restoration(made.program->program);
    return made;
}

} // namespace

int run(const common_options& options)
{
    auto made = prepare(options, ledger_wait::as_long_as_it_takes);
    if (!made)
        return exit_status::well;
    const auto ledger = made->program->program.world().settings.ledger;
    service served(options.config, *made->base, std::move(made->program));
    // Who works with a ledger that several machines share is asked through it.
    const auto commands = made->lock ? take_commands(served, *made->base, *made->lock, ledger.path) : nullptr;
    supervisor supervised(made->base->context, {[&] { served.stop(); }, [&] { served.reload(); }});
    listen_service listens(served, *made->base);
    served.when_reloaded([&] { listens.follow(); });
    served.events().emit("service.ready", served.status());
    tell_ready(served.status());
    const background_check check(made->base->context, ledger);
    try {
        supervised.supervise(work_under_lease(served.live(), *made->base, &served));
    } catch (const sync::ledger_lost&) {
        for (const auto& part : made->base->parts->all())
            served.events().emit("part.lost", sync::shown_part(part) + " was taken over by another machine",
                                 {{"part", part}});
        throw;
    }
    return exit_status::well;
}

int once(const common_options& options)
{
    auto made = prepare(options, ledger_wait::none);
    auto& engine = made->program->engine;
    supervisor supervised(made->base->context, {[&] {
                              tell_stopping(made->program->program.events());
                              engine.stop();
                          }});
    bool everything_answered = false;
    auto cycle = [&]() -> asio::awaitable<void> { everything_answered = co_await engine.run_once(); };
    supervised.supervise(work_under_lease(cycle(), *made->base, nullptr));
    return everything_answered ? exit_status::well : exit_status::temporary_failure;
}

} // namespace testdome_sync::daemon
