#include "daemon/assembly.hpp"
#include "daemon/commands.hpp"
#include "daemon/control_service.hpp"
#include "daemon/lock_file.hpp"
#include "sync/application.hpp"
#include "sync/backup.hpp"
#include "sync/restored.hpp"
#include "sync/silence.hpp"
#include "sync/sync_to_disk.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <iostream>
#include <system_error>

namespace testdome_sync::daemon {
namespace fs = std::filesystem;
namespace {

sync::ledger_error not_restored(const std::string& why)
{
    return sync::ledger_error("nothing was restored, the ledger is as it was: " + why);
}

/// Root at the keyboard makes files that the service must be able to write.
void give_to_owner_of(const std::string& other, const std::string& file)
{
    struct stat status {};
    if (::geteuid() == 0 && ::stat(other.c_str(), &status) == 0 &&
        ::chown(file.c_str(), status.st_uid, status.st_gid) != 0)
        throw not_restored(file + " can't be given to the service's user: " + std::generic_category().message(errno));
}

/// What a database consists of besides its file.
constexpr const char* companions[]{"-wal", "-shm", "-journal"};

/// Removes what an attempt before this one has left.
void remove_all(const std::string& database)
{
    std::error_code ignored;
    fs::remove(database, ignored);
    for (const auto* part : companions)
        fs::remove(database + part, ignored);
}

/// A ledger that asks first about everything that may have happened since the backup, in a file of its own.
/// Who has put it back, when and why is kept in it.
void prepare(checked_configuration configuration, const restore_options& wanted, const std::string& file)
{
    remove_all(file);
    sync::back_up_sqlite_ledger(wanted.file, file);
    foundation base(sync::open_sqlite_ledger(file, sync::ledger_access::write));
    assembly program(std::move(configuration), base, std::make_unique<sync::silence>());
    sync::unit_of_work unit(*base.ledger);
    sync::mark_restored_in_unit(program.world());
    base.ledger->add(sync::decision_record{base.clock.wall(), "restore", 0, "ledger", own_name(), wanted.why});
    unit.commit();
}

/// What is in the ledger's log goes into the ledger, as far as it can be read, so that one file is the whole of it.
void settle(const std::string& ledger_path)
{
    try {
        sync::open_sqlite_ledger(ledger_path, sync::ledger_access::write);
    } catch (const sync::ledger_error&) {
        // It is restored because it is damaged, perhaps: then it is kept as it is.
    }
}

/// The ledger's file is never missing meanwhile: a daemon that began then would know nobody.
void keep_aside(const std::string& ledger_path, const std::string& aside)
{
    std::error_code error;
    fs::create_hard_link(ledger_path, aside, error);
    if (error)
        throw not_restored("it can't be kept as " + aside + ": " + error.message());
    for (const auto* part : companions)
        if (fs::exists(ledger_path + part))
            fs::rename(ledger_path + part, aside + part);
}

std::string dated(const std::string& ledger_path)
{
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto name = ledger_path + ".before-restore-" + sync::to_text(now);
    for (auto at = ledger_path.size(); (at = name.find(':', at)) != std::string::npos;)
        name.erase(at, 1);
    return name;
}

void require_file(const config::ledger_settings& settings, const std::string& instead)
{
    if (!settings.is_file())
        throw std::runtime_error("ledger " + sync::shown(settings) +
                                 " is backed up and restored by PostgreSQL's own "
                                 "programs: " +
                                 instead);
}

} // namespace

int back_up(const common_options& options, const std::string& file)
{
    const auto settings = read_ledger_settings(options.config);
    require_file(settings, "pg_dump --format=custom copies it as it is at one moment, also while the daemons run");
    const auto& ledger_path = settings.path;
    sync::back_up_sqlite_ledger(ledger_path, file);
    std::cout << "ledger " << ledger_path << " is copied to " << file << ", which is undamaged\n";
    return exit_status::well;
}

int restore(const common_options& options, const restore_options& wanted)
{
    const auto& file = wanted.file;
    auto configuration = read_configuration(options.config, config::secrets::unneeded);
    require_file(configuration.main.ledger,
                 "stop the daemons, then pg_restore --clean puts a dump back. The first daemon that begins notices it, "
                 "and asks first about everything that may have happened since");
    const auto ledger_path = configuration.main.ledger.path;
    if (!fs::exists(file))
        throw not_restored("there is no file " + file);
    const lock_file lock(ledger_path);
    const auto prepared = ledger_path + ".restoring";
    prepare(std::move(configuration), wanted, prepared);
    const bool replaces = fs::exists(ledger_path);
    const auto aside = dated(ledger_path);
    give_to_owner_of(replaces ? ledger_path : fs::absolute(ledger_path).parent_path().string(), prepared);
    if (replaces) {
        settle(ledger_path);
        keep_aside(ledger_path, aside);
    }
    fs::rename(prepared, ledger_path);
    // It is in place already; a folder that can't be read changes nothing about that.
    static_cast<void>(sync::sync_to_disk(fs::absolute(ledger_path).parent_path().string()));
    std::cout << ledger_path << " is what " << file << " was";
    if (replaces)
        std::cout << "; the ledger of before is kept as " << aside;
    std::cout
        << ".\nStart the service: it asks TestDome and the HR systems first about everything that may have happened "
           "since, and invites nobody before that.\n";
    return exit_status::well;
}

} // namespace testdome_sync::daemon
