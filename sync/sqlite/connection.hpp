#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace testdome_sync::sync::sqlite {

/// What SQLite says of a call that failed: its result code (https://www.sqlite.org/rescode.html) and its words.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, const std::string& words) : std::runtime_error(words), code_(code) {}
    int code() const { return code_; }

private:
    int code_;
};

/// A value in the ledger that testdome-sync can't have written.
struct damaged_value : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// A connection to a database file, closed with this object. Where the file is locked, calls wait for ten seconds at
/// most. One thread at a time. Calls throw sqlite_error.
class connection {
public:
    void open(const std::string& path); ///< made if it is not there
    sqlite3* handle() const { return handle_.get(); }

private:
    struct close {
        void operator()(sqlite3* handle) const noexcept;
    };
    std::unique_ptr<sqlite3, close> handle_;
};

/// A prepared statement, which must be gone before its connection is. SOCI, which the connector `sql` uses, would write
/// each column of each row into a table of its own first, and that takes longer than SQLite itself.
class statement {
public:
    statement(const connection& sql, const std::string& text);

    // Parameters and columns are numbered from 0. What is bound must stay as it is until `reset()`.
    void bind(int parameter, long long number);
    void bind(int parameter, std::string_view text);
    bool step(); ///< to the next row; false: there is none
    // A column that holds nothing, or no number where one is asked for, is a damaged_value.
    void read(int column, long long& into) const;
    void read(int column, std::string& into) const;
    void reset() noexcept; ///< gives back locks and parameters, so that it can be run again

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

} // namespace testdome_sync::sync::sqlite
