#include "daemon/working_ledger.hpp"

#include "daemon/service_manager.hpp"
#include "sync/ledger_check.hpp"
#include "sync/restored.hpp"
#include "sync/shared_ledger.hpp"

namespace testdome_sync::daemon {

working_ledger open_to_work(const config::ledger_settings& settings, sync::ledger_access access)
{
    working_ledger made;
    if (settings.is_file()) {
        made.lock = std::make_unique<lock_file>(settings.path);
        if (sync::ledger_check::has_found_damage(settings.path))
            tell_long_start("looking through the ledger, as damage was found in it");
    }
    made.ledger = sync::open_ledger(settings, access);
    return made;
}

void look_for_restoration(assembly& program)
{
    auto& world = program.world();
    auto* shared = world.ledger.shared();
    if (!shared)
        return;
    sync::unit_of_work unit(world.ledger); // of several machines that begin, one sees to it
    if (!shared->is_restored())
        return;
    sync::mark_restored_in_unit(world);
    shared->accept_restoration();
    unit.commit();
    program.events().emit(
        "ledger.restored",
        "the tables of the ledger are not those that were worked with last: a backup was put back, or "
        "they were moved. TestDome and the HR systems are asked first about everything that may have "
        "happened since, and nobody is invited before that");
}

} // namespace testdome_sync::daemon
