#include "sync/sqlite/connection.hpp"

#include <sqlite3.h>

namespace testdome_sync::sync::sqlite {
namespace {

constexpr int patience_milliseconds = 10'000;

/// SQLite locks a mutex for each value that is read and each allocation, which takes a twentieth of all its time. One
/// thread at a time uses a connection here, and nobody asks how much memory is in use. It must be said before anything
/// else is asked of SQLite; where it comes too late, the mutexes stay.
[[maybe_unused]] const bool has_few_mutexes =
    sqlite3_config(SQLITE_CONFIG_MULTITHREAD) == SQLITE_OK && sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;

void require_well(int code, sqlite3* of)
{
    if (code != SQLITE_OK)
        throw sqlite_error(code, of ? sqlite3_errmsg(of) : sqlite3_errstr(code));
}

} // namespace

void connection::close::operator()(sqlite3* handle) const noexcept
{
    sqlite3_close(handle);
}

void connection::open(const std::string& path)
{
    sqlite3* made = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &made, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    handle_.reset(made); // one that could not be opened must be closed, too
    require_well(code, made);
    require_well(sqlite3_busy_timeout(made, patience_milliseconds), made);
}

std::unique_ptr<relational::statement> connection::prepare(const std::string& text)
{
    return std::make_unique<statement>(*this, text);
}

void statement::finalize::operator()(sqlite3_stmt* handle) const noexcept
{
    sqlite3_finalize(handle);
}

statement::statement(const connection& sql, const std::string& text)
{
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v2(sql.handle(), text.c_str(), static_cast<int>(text.size() + 1), &made, nullptr);
    handle_.reset(made);
    require_well(code, sql.handle());
}

void statement::bind(int parameter, long long number)
{
    require_well(sqlite3_bind_int64(handle_.get(), parameter + 1, number), sqlite3_db_handle(handle_.get()));
}

void statement::bind(int parameter, std::string_view text)
{
    const auto* begin = text.data() ? text.data() : ""; // else it would be NULL
    require_well(sqlite3_bind_text64(handle_.get(), parameter + 1, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8),
                 sqlite3_db_handle(handle_.get()));
}

bool statement::step()
{
    const int code = sqlite3_step(handle_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        throw sqlite_error(code, sqlite3_errmsg(sqlite3_db_handle(handle_.get())));
    return code == SQLITE_ROW;
}

void statement::read(int column, long long& into) const
{
    if (sqlite3_column_type(handle_.get(), column) != SQLITE_INTEGER)
        throw relational::damaged_value(std::string("there is no number in ") +
                                        sqlite3_column_name(handle_.get(), column));
    into = sqlite3_column_int64(handle_.get(), column);
}

void statement::read(int column, std::string& into) const
{
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    if (!text)
        throw relational::damaged_value(std::string("there is no text in ") +
                                        sqlite3_column_name(handle_.get(), column));
    into.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
}

void statement::reset() noexcept
{
    sqlite3_reset(handle_.get());
    sqlite3_clear_bindings(handle_.get());
}

} // namespace testdome_sync::sync::sqlite
