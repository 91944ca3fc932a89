#include "sync/ledger.hpp"
#include "sync/postgresql/connection.hpp"

namespace testdome_sync::sync {

std::unique_ptr<ledger> open_ledger(const config::ledger_settings& settings, ledger_access access)
{
    if (settings.is_file())
        return open_sqlite_ledger(settings.path, is_to_write(access) ? ledger_access::write : access);
    return open_postgresql_ledger(settings, access);
}

std::string problem_of_url(const std::string& url)
{
    return postgresql::problem_of(url);
}

std::string shown(const config::ledger_settings& settings)
{
    return settings.is_file() ? settings.path : postgresql::shown(settings);
}

} // namespace testdome_sync::sync
