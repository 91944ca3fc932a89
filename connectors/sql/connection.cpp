#include "connectors/sql/connection.hpp"

#include "connectors/sql/backend.hpp"
#include "connectors/sql/errors.hpp"
#include "connectors/sql/execution.hpp"

#include <boost/json/serialize.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <soci/soci.h>

namespace testdome_sync::sql {
namespace json = boost::json;
namespace {

/// Rows that PostgreSQL sends at a time.
constexpr std::size_t slice = 500;

/// Collects rows until there are too many.
class collector {
public:
    collector(connection::records& into, const row_limits& limits) : into_(into), limits_(limits) {}

    void operator()(json::object row)
    {
        for (const auto& [name, value] : row)
            bytes_ += 16 + (value.is_string() ? value.get_string().size() : 0);
        if (into_.size() >= limits_.rows || bytes_ > limits_.bytes)
            throw database_error(trouble::wrong_statement, "the query gives more than " + std::to_string(limits_.rows) +
                                                               " rows or " +
                                                               std::to_string(limits_.bytes / 1024 / 1024) +
                                                               " MiB; have it give less, or raise \"rows\"");
        into_.push_back(std::move(row));
    }

private:
    connection::records& into_;
    const row_limits& limits_;
    std::size_t bytes_ = 0;
};

} // namespace

std::string shown(const database_settings& settings)
{
    const auto server = [&](const char* kind) {
        const auto place = settings.socket.empty()
                               ? settings.host + (settings.port > 0 ? ':' + std::to_string(settings.port) : "")
                               : settings.socket;
        return std::string(kind) + ' ' + place + '/' + settings.name;
    };
    switch (settings.type) {
    case database_type::sqlite: return "SQLite " + settings.file;
    case database_type::postgresql: return server("PostgreSQL");
    case database_type::mariadb: return server("MariaDB");
    case database_type::odbc: return "ODBC " + settings.dsn.substr(0, settings.dsn.find(';'));
    }
    return {};
}

template <class Work>
auto connection::guarded(const config::position* where, Work work)
{
    const auto subject = shown(settings_) + ": " + (where ? "the statement at " + where->text() + ": " : "");
    try {
        return work();
    } catch (const soci::soci_error& error) {
        const auto known = understood(error, settings_);
        throw database_error(known.kind, subject + known.what());
    } catch (const database_error& error) {
        throw database_error(error.kind, subject + error.what());
    }
}

connection::connection(const database_settings& settings) : settings_(settings)
{
    session_ = guarded(nullptr, [&] { return open_session(settings_); });
    if (const int socket = socket_of(*session_, settings_.type); socket >= 0)
        socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

connection::~connection()
{
    const std::lock_guard guard(open_);
    session_.reset();
    if (socket_ >= 0)
        ::close(socket_);
}

void connection::interrupt() noexcept
{
    const std::lock_guard guard(open_);
    if (!session_)
        return;
    if (settings_.type == database_type::sqlite)
        interrupt_sqlite(*session_);
    else if (socket_ >= 0)
        ::shutdown(socket_, SHUT_RDWR);
}

void connection::begin(access wanted, std::size_t row_limit)
{
    access_ = wanted;
    const bool reads = wanted == access::read;
    guarded(nullptr, [&] {
        auto& sql = *session_;
        switch (settings_.type) {
        case database_type::sqlite:
            sql << (reads ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF");
            sql << (reads ? "BEGIN" : "BEGIN IMMEDIATE");
            break;
        case database_type::postgresql: sql << (reads ? "BEGIN READ ONLY" : "BEGIN"); break;
        case database_type::mariadb:
            sql << "SET SESSION sql_select_limit = " +
                       (reads && row_limit > 0 ? std::to_string(row_limit + 1) : std::string("DEFAULT"));
            sql << (reads ? "START TRANSACTION READ ONLY" : "START TRANSACTION");
            break;
        case database_type::odbc: sql.begin(); break;
        }
    });
}

void connection::commit()
{
    guarded(nullptr, [&] { session_->commit(); });
}

void connection::rollback()
{
    guarded(nullptr, [&] { session_->rollback(); });
}

connection::records connection::query(const statement& wanted, const parameters& values, const row_limits& limits)
{
    records found;
    collector collect(found, limits);
    const bool in_slices = settings_.type == database_type::postgresql && access_ == access::read;
    guarded(&wanted.where, [&] {
        if (!in_slices) {
            execute(*session_, settings_.type, {wanted.text, values, std::ref(collect)});
            return;
        }
        execute(*session_, settings_.type,
                {"DECLARE testdome_sync_rows NO SCROLL CURSOR FOR " + wanted.text, values, {}});
        const execution next{
            "FETCH FORWARD " + std::to_string(slice) + " FROM testdome_sync_rows", {}, std::ref(collect)};
        for (std::size_t before = 0;; before = found.size()) {
            execute(*session_, settings_.type, next);
            if (found.size() < before + slice)
                break;
        }
        *session_ << "CLOSE testdome_sync_rows";
    });
    return found;
}

long long connection::change(const statement& wanted, const parameters& values)
{
    return guarded(&wanted.where, [&] { return execute(*session_, settings_.type, {wanted.text, values, {}}); });
}

void connection::require_valid(const statement& wanted)
{
    guarded(&wanted.where, [&] { prepare_only(*session_, settings_.type, wanted.text, wanted.with_question_marks); });
}

std::set<std::string> connection::without_transactions(const std::set<std::string>& tables)
{
    if (settings_.type != database_type::mariadb)
        return {};
    std::set<std::string> without;
    guarded(nullptr, [&] {
        for (const auto& table : tables) {
            const auto dot = table.find('.');
            const auto schema = dot == std::string::npos ? std::string{} : table.substr(0, dot);
            const auto name = dot == std::string::npos ? table : table.substr(dot + 1);
            std::string supported = "NO";
            soci::indicator found = soci::i_null;
            *session_ << "SELECT e.transactions FROM information_schema.tables t JOIN information_schema.engines e ON "
                         "e.engine = t.engine WHERE t.table_schema = COALESCE(NULLIF(:schema, ''), DATABASE()) AND "
                         "t.table_name = :name",
                soci::into(supported, found), soci::use(schema, "schema"), soci::use(name, "name");
            if (!session_->got_data() || found != soci::i_ok || supported != "YES")
                without.insert(table);
        }
    });
    return without;
}

} // namespace testdome_sync::sql
