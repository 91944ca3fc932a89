#pragma once

#include "connectors/sql/reader.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace testdome_sync::sql {

/// `check --online`: signs in, asks every query that only reads, has the database read every other statement, and
/// compares names that the mapping uses with those that the database knows.
class checker {
public:
    checker(const description& described, database& of, application_reader& reader, sync::clock& clock)
        : described_(described), of_(of), reader_(reader), clock_(clock)
    {
    }

    boost::asio::awaitable<sync::result<std::vector<std::string>>> check(std::set<std::string> changed_tables);

private:
    using findings = std::vector<std::string>;

    boost::asio::awaitable<sync::result<void>> sign_in();
    boost::asio::awaitable<sync::result<void>> try_list(findings& into);
    boost::asio::awaitable<sync::result<void>> try_statements(std::set<std::string> changed_tables, findings& into);
    boost::asio::awaitable<sync::result<void>> compare_names(findings& into);
    void tell_unsafe_actions(const std::set<std::string>& without_transactions, findings& into) const;
    const statement_description* known_for(const rest::used_name& used) const;

    const description& described_;
    database& of_;
    application_reader& reader_;
    sync::clock& clock_;
};

} // namespace testdome_sync::sql
