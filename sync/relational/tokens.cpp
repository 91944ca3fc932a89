#include "sync/relational/sql_ledger.hpp"
#include "sync/relational/times.hpp"

#include <tuple>

namespace testdome_sync::sync::relational {

std::optional<stored_token> sql_ledger::find_token(const std::string& name)
{
    return guard([&] {
        std::optional<stored_token> found;
        statements_.each<std::tuple<std::string, long long, long long>>(
            "SELECT token, asked_at, stored_at FROM tokens WHERE name = :name",
            [&](auto& row) {
                auto& [token, asked_at, stored_at] = row;
                found = {config::secret(std::move(token)), optional_time_of(asked_at), time_of(stored_at)};
            },
            name);
        return found;
    });
}

void sql_ledger::save_token(const std::string& name, const stored_token& token)
{
    guard([&] {
        statements_.run("INSERT INTO tokens(name, token, asked_at, stored_at) "
                        "VALUES(:name, :token, :asked_at, :stored_at) ON CONFLICT(name) DO UPDATE SET "
                        "token = excluded.token, asked_at = excluded.asked_at, stored_at = excluded.stored_at",
                        name, token.token.reveal(), stored(token.asked_at), stored(token.stored_at));
    });
}

} // namespace testdome_sync::sync::relational
