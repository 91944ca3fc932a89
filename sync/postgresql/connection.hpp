#pragma once

#include "config/settings.hpp"
#include "sync/relational/statement.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace testdome_sync::sync::postgresql {

/// A call that failed.
class postgresql_error : public std::runtime_error {
public:
    enum class kind {
        unreachable, ///< no connection, or it was lost
        silent,      ///< no answer within the limit; the connection is given up
        refused,     ///< the server's own words; `state()` says what it is about
    };
    postgresql_error(kind what, std::string state, const std::string& words)
        : std::runtime_error(words), kind_(what), state_(std::move(state))
    {
    }
    kind what_failed() const { return kind_; }
    /// SQLSTATE, https://www.postgresql.org/docs/15/errcodes-appendix.html; empty if the server said nothing.
    const std::string& state() const { return state_; }

private:
    kind kind_;
    std::string state_;
};

/// "PostgreSQL db.example.com:5432/testdome_sync": for people, without what else the URL says.
std::string shown(const config::ledger_settings& settings);

/// What is wrong with the URL; empty if nothing is.
std::string problem_of(const std::string& url);

/// A connection by libpq. SOCI, which the connector `sql` uses, waits for a server without a limit of its own, and one
/// that has stopped says nothing: here each wait ends, long before systemd's watchdog would. One thread. Calls throw
/// postgresql_error.
///
/// Where the URL doesn't say otherwise, the server must prove who it is (`sslmode=verify-full`, with the system's
/// authorities) unless it is on this machine.
class connection final : public relational::database {
public:
    explicit connection(const config::ledger_settings& settings);

    std::unique_ptr<relational::statement> prepare(const std::string& text) override;
    /// A text can't hold a zero byte, nor what is no UTF-8: U+FFFD stands in their place.
    void make_storable(std::string& text) const override;

    /// Statements without parameters, in one message. Returns the last one's first value, if it has one.
    std::optional<std::string> run(const std::string& script);

    /// False once it was lost or given up: every call will throw, and the server takes back what was not committed.
    bool is_usable() const;

private:
    friend class statement;

    struct finish {
        void operator()(pg_conn* handle) const noexcept;
    };
    struct clear {
        void operator()(pg_result* result) const noexcept;
    };
    using answer = std::unique_ptr<pg_result, clear>;

    /// What was sent is answered: the last result, after all others.
    answer await();
    void wait();
    [[noreturn]] void fail();
    [[noreturn]] void lose(postgresql_error why);

    std::unique_ptr<pg_conn, finish> handle_;
    std::optional<postgresql_error> lost_; ///< why; told whoever tries to use it afterwards
    int prepared_ = 0;                     ///< so many statements have a name
};

/// Prepared at the first use, when the types of its parameters are known.
class statement final : public relational::statement {
public:
    statement(connection& sql, const std::string& text);

    void bind(int parameter, long long number) override;
    void bind(int parameter, std::string_view text) override;
    bool step() override;
    void read(int column, long long& into) const override;
    void read(int column, std::string& into) const override;
    void reset() noexcept override;

private:
    void prepare();
    void execute();
    std::string_view value(int column, bool is_text) const;

    connection& sql_;
    std::string text_;
    std::string name_;                 ///< empty until it is prepared
    std::vector<std::uint32_t> types_; ///< of its parameters, as PostgreSQL numbers them
    std::vector<std::string> values_;
    connection::answer answer_;
    int row_ = -1;
};

} // namespace testdome_sync::sync::postgresql
