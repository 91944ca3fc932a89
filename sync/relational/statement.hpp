#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace testdome_sync::sync::relational {

/// A value in the ledger that testdome-sync can't have written.
struct damaged_value : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A statement that is prepared once and run with ever other values. Its text names its parameters `:like_this`, each
/// once; here they go by their order. It must be gone before its database is. Calls throw what their database throws.
class statement {
public:
    virtual ~statement() = default;

    // Parameters and columns are numbered from 0. What is bound must stay as it is until `reset()`.
    virtual void bind(int parameter, long long number) = 0;
    virtual void bind(int parameter, std::string_view text) = 0;
    virtual bool step() = 0; ///< to the next row; false: there is none
    // A column that holds nothing, or no number where one is asked for, is a damaged_value. A truth value is 0 or 1.
    virtual void read(int column, long long& into) const = 0;
    virtual void read(int column, std::string& into) const = 0;
    virtual void reset() noexcept = 0; ///< gives back locks and parameters, so that it can be run again
};

/// A connection to where the ledger's tables are. What both databases understand the same way is written once, beside
/// this file; see also https://www.sqlite.org/lang.html and https://www.postgresql.org/docs/15/sql-commands.html.
/// One thread at a time.
class database {
public:
    virtual ~database() = default;

    virtual std::unique_ptr<statement> prepare(const std::string& text) = 0;

    /// Changes what this database can't hold in a text into what it would store in its place.
    virtual void make_storable(std::string&) const {}
};

} // namespace testdome_sync::sync::relational
