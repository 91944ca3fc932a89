#pragma once

#include "connectors/sql/database_settings.hpp"
#include "connectors/sql/statement.hpp"
#include "connectors/sql/values.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace testdome_sync::sql {

/// How much a query may give.
struct row_limits {
    std::size_t rows = 1000;
    std::size_t bytes = std::size_t{4} * 1024 * 1024; ///< of text
};

/// What a transaction may do. `read`: nothing but reading, where the database can see to it.
enum class access { read, write };

/// A connection to a database with its time limits set. Everything blocks, throws database_error, and is called by one
/// thread at a time, but for `interrupt`.
class connection {
public:
    using records = std::vector<boost::json::object>;

    explicit connection(const database_settings& settings);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    void begin(access wanted, std::size_t row_limit = 0);
    void commit();
    /// After a failure here the connection is of no use any more.
    void rollback();

    /// All rows of a query, inside a transaction. More than `limits` allow is a failure: nothing is left out.
    records query(const statement& wanted, const parameters& values, const row_limits& limits);
    /// Carries out a statement inside a transaction; returns how many rows it changed (at MariaDB: found).
    long long change(const statement& wanted, const parameters& values);

    /// Has the database read the statement, to learn whether it could be carried out.
    void require_valid(const statement& wanted);
    /// Of tables that statements change: those that keep every change whatever becomes of the transaction.
    std::set<std::string> without_transactions(const std::set<std::string>& tables);

    /// Ends whatever is under way, and the connection. Any thread.
    void interrupt() noexcept;

private:
    template <class Work>
    auto guarded(const config::position* where, Work work);

    const database_settings settings_;
    std::mutex open_; ///< guards against interrupting what is being closed
    std::unique_ptr<soci::session> session_;
    int socket_ = -1; ///< another handle of the connection's own: that one's number may be somebody else's by now
    access access_ = access::read;
};

} // namespace testdome_sync::sql
