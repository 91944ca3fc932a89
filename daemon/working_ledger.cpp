#include "daemon/working_ledger.hpp"

#include "sync/restored.hpp"
#include "sync/shared_ledger.hpp"

namespace testdome_sync::daemon {

working_ledger open_to_work(const config::ledger_settings& settings)
{
    working_ledger made;
    if (settings.is_file())
        made.lock = std::make_unique<lock_file>(settings.path);
    made.ledger = sync::open_ledger(settings, sync::ledger_access::write);
    return made;
}

void look_for_restoration(assembly& program)
{
    auto& world = program.world();
    auto* shared = world.ledger.shared();
    if (!shared || !shared->is_restored())
        return;
    sync::mark_restored(world);
    shared->accept_restoration();
    program.events().emit(
        "ledger.restored",
        "the tables of the ledger are not those that were worked with last: a backup was put back, or "
        "they were moved. TestDome and the HR systems are asked first about everything that may have "
        "happened since, and nobody is invited before that");
}

} // namespace testdome_sync::daemon
