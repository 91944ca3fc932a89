#pragma once

#include "connectors/sql/database.hpp"
#include "connectors/sql/description.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::sql {

/// Carries out actions, each in one transaction: what it must know is looked up, `already:` is asked, then all of its
/// statements are carried out, or none.
class action_writer {
public:
    action_writer(const description& described, database& into, sync::clock& clock)
        : described_(described), into_(into), clock_(clock)
    {
    }

    boost::asio::awaitable<sync::result<sync::write_outcome>> write(sync::write_order order);
    sync::repeatability repeats(const std::string& action) const;
    /// See sync::hr_connector: waiting for the connection, the transaction, and what the server still does with it.
    std::chrono::seconds longest_write() const { return 3 * described_.database.timeout; }

    /// Tables that actions change.
    std::set<std::string> changed_tables() const;

private:
    struct step {
        statement change;
        parameters values;
        std::optional<long long> expect_rows;
    };
    struct attempt;

    boost::asio::awaitable<sync::result<void>> begin(sync::monotonic_time until);
    boost::asio::awaitable<sync::result<connection::records>>
    ask(const statement_description& query, const boost::json::object& document, sync::monotonic_time until);
    boost::asio::awaitable<sync::result<void>> look_up(const action_description& action, boost::json::object& document,
                                                       sync::monotonic_time until);
    boost::asio::awaitable<sync::result<bool>>
    is_there_already(const already_description& already, boost::json::object& document, sync::monotonic_time until);
    boost::asio::awaitable<sync::result<sync::write_outcome>>
    prepare_and_carry_out(const action_description& action, boost::json::object document, sync::monotonic_time until);
    boost::asio::awaitable<sync::result<sync::write_outcome>> carry_out(std::vector<step> steps,
                                                                        sync::monotonic_time until);
    boost::asio::awaitable<bool> roll_back(sync::monotonic_time until);
    bool can_be_taken_back(const std::vector<step>& steps) const;

    const description& described_;
    database& into_;
    sync::clock& clock_;
    std::set<std::string> without_transactions_; ///< of the tables that actions change; known since the connection is
};

} // namespace testdome_sync::sql
