#pragma once

#include "connectors/sql/database.hpp"
#include "connectors/sql/description.hpp"
#include "sync/hr_connector.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/value.hpp>

namespace testdome_sync::sql {

/// Reads a window of applications with the mapping's query.
class application_reader {
public:
    application_reader(const description& described, database& from, sync::clock& clock)
        : described_(described), from_(from), clock_(clock)
    {
    }

    boost::asio::awaitable<sync::result<sync::poll_answer>> read(sync::poll_request request);

    /// All rows of a query in a transaction that only reads.
    boost::asio::awaitable<answer<connection::records>> rows_of(statement wanted, parameters values, row_limits limits);

private:
    sync::result<parameters> values_for(const sync::poll_request& request) const;
    void take_in(const connection::records& rows, const sync::poll_request& request, sync::poll_answer& into) const;

    const description& described_;
    database& from_;
    sync::clock& clock_;
};

} // namespace testdome_sync::sql
