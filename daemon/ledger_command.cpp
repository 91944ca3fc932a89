#include "config/read_ledger.hpp"
#include "daemon/commands.hpp"
#include "daemon/configuration.hpp"
#include "daemon/lock_file.hpp"
#include "daemon/table.hpp"
#include "sync/ledger.hpp"
#include "sync/migrate_ledger.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <iostream>

namespace testdome_sync::daemon {
namespace {

/// As `ledger:` has it. A password is the configuration's, if it names the same database.
config::ledger_settings place_of(const std::string& text, const common_options& options)
{
    config::problems found;
    auto named = config::read_ledger_location(text, std::filesystem::current_path().string(), found);
    if (!found.empty())
        throw std::runtime_error(found.list().front().message);
    const auto configured = named.is_file() ? config::ledger_settings{} : read_ledger_settings(options.config);
    return named.is_same_place(configured) ? configured : named;
}

} // namespace

int migrate_ledger(const common_options& options, const std::string& from, const std::string& to)
{
    const auto file = place_of(from, options), database = place_of(to, options);
    if (!file.is_file() || database.is_file())
        throw std::runtime_error("a ledger is moved from sqlite:PATH to postgresql://…; within one kind, `backup` and "
                                 "PostgreSQL's pg_dump copy it");
    if (!std::filesystem::exists(file.path))
        throw sync::ledger_error("ledger " + file.path + " does not exist; nothing was moved");
    const lock_file lock(file.path);
    const auto moved = sync::migrate_ledger(file.path, database);
    if (options.json) {
        boost::json::object rows;
        for (const auto& [name, count] : moved)
            rows[name] = count;
        std::cout << boost::json::serialize(rows) << '\n';
        return exit_status::well;
    }
    table shown({"TABLE", "ROWS"});
    for (const auto& [name, count] : moved)
        shown.add({name, std::to_string(count)});
    std::cout
        << shown.text() << "\nledger " << file.path << " is in " << sync::shown(database)
        << " now, as many rows in each table. Write \"ledger: " << to
        << "\" into the configuration before the service is started, and put the file away: whoever worked with it "
           "again would know nothing of what happens from now on.\n";
    return exit_status::well;
}

} // namespace testdome_sync::daemon
