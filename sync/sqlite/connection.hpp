#pragma once

#include "sync/relational/statement.hpp"

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

/// A connection to a database file, closed with this object. Where the file is locked, calls wait for ten seconds at
/// most. One thread at a time. Calls throw sqlite_error.
class connection final : public relational::database {
public:
    void open(const std::string& path); ///< made if it is not there
    std::unique_ptr<relational::statement> prepare(const std::string& text) override;
    sqlite3* handle() const { return handle_.get(); }

private:
    struct close {
        void operator()(sqlite3* handle) const noexcept;
    };
    std::unique_ptr<sqlite3, close> handle_;
};

/// SOCI, which the connector `sql` uses, would write each column of each row into a table of its own first, and that
/// takes longer than SQLite itself.
class statement final : public relational::statement {
public:
    statement(const connection& sql, const std::string& text);

    void bind(int parameter, long long number) override;
    void bind(int parameter, std::string_view text) override;
    bool step() override;
    void read(int column, long long& into) const override;
    void read(int column, std::string& into) const override;
    void reset() noexcept override;

private:
    struct finalize {
        void operator()(sqlite3_stmt* handle) const noexcept;
    };
    std::unique_ptr<sqlite3_stmt, finalize> handle_;
};

} // namespace testdome_sync::sync::sqlite
