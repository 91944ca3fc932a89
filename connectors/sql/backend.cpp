#include "connectors/sql/backend.hpp"

#include "connectors/http/oauth.hpp"
#include "connectors/sql/errors.hpp"

#include <algorithm>
#include <filesystem>
#include <mutex>

#include <dlfcn.h>

#include <soci/mysql/soci-mysql.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace testdome_sync::sql {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds longest_connect{10};
constexpr const char* system_authorities = "/etc/ssl/certs/ca-certificates.crt";

std::string connect_seconds(const database_settings& settings)
{
    return std::to_string(std::clamp(settings.timeout, std::chrono::seconds{2}, longest_connect).count());
}

std::string milliseconds_of(std::chrono::seconds time)
{
    return std::to_string(milliseconds(time).count());
}

const char* backend_name(database_type type)
{
    switch (type) {
    case database_type::sqlite: return "sqlite3";
    case database_type::postgresql: return "postgresql";
    case database_type::mariadb: return "mysql";
    case database_type::odbc: return "odbc";
    }
    return "";
}

/// SOCI takes this apart at white space, so everything is written as a URI: percent-encoded, it has none.
std::string postgresql_string(const database_settings& settings)
{
    std::string uri = "postgresql:///" + http::percent_encoded(settings.name) + "?application_name=testdome-sync";
    const auto add = [&](const std::string& key, const std::string& value) {
        if (!value.empty())
            uri += '&' + key + '=' + http::percent_encoded(value);
    };
    add("host", settings.socket.empty() ? settings.host : settings.socket);
    add("port", settings.port > 0 ? std::to_string(settings.port) : "");
    add("user", settings.user);
    add("password", settings.password.reveal());
    add("client_encoding", "UTF8");
    add("connect_timeout", connect_seconds(settings));
    add("tcp_user_timeout", milliseconds_of(settings.timeout));
    add("keepalives_idle", "30");
    switch (settings.tls) {
    case tls_mode::prefer: add("sslmode", "prefer"); break;
    case tls_mode::require: add("sslmode", "require"); break;
    case tls_mode::verify: add("sslmode", "verify-full"); break;
    }
    const bool verify = settings.tls == tls_mode::verify;
    add("sslrootcert", verify && settings.ca_file.empty() ? system_authorities : settings.ca_file);
    return uri;
}

std::string mariadb_string(const database_settings& settings)
{
    std::string text = "charset='utf8mb4'";
    const auto add = [&](const std::string& key, const std::string& value) {
        if (value.empty())
            return;
        text += ' ' + key + "='";
        for (const char c : value)
            text += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
        text += '\'';
    };
    add("db", settings.name);
    add("user", settings.user);
    add("password", settings.password.reveal());
    // With "localhost", the client library takes a socket of its own choice.
    const auto host = settings.host == "localhost" ? std::string("127.0.0.1") : settings.host;
    const bool verify = settings.tls == tls_mode::verify && !host.empty();
    // SOCI has no option for it, but MariaDB's client library takes "key=value;…" in the place of the host
    // (mysql_real_connect's manual).
    add("host", verify ? "host=" + host + ";ssl-verify-server-cert=1" : host);
    add("unix_socket", settings.socket);
    add("port", settings.port > 0 ? std::to_string(settings.port) : "");
    add("sslca", verify && settings.ca_file.empty() ? system_authorities : settings.ca_file);
    add("connect_timeout", connect_seconds(settings));
    add("read_timeout", std::to_string(settings.timeout.count()));
    add("write_timeout", std::to_string(settings.timeout.count()));
    return text;
}

std::string odbc_string(const database_settings& settings)
{
    auto text = settings.dsn;
    const auto add = [&](const std::string& key, const std::string& value) {
        if (value.empty())
            return;
        text += (text.empty() || text.ends_with(';') ? "" : ";") + key + '=';
        // Not every driver takes the braces off that a value with a semicolon needs.
        if (value.find_first_of(";{}=") == std::string::npos) {
            text += value;
            return;
        }
        text += '{';
        for (const char c : value)
            text += c == '}' ? std::string("}}") : std::string(1, c);
        text += '}';
    };
    add("UID", settings.user);
    add("PWD", settings.password.reveal());
    return text;
}

void set_up_postgresql(soci::session& sql, const database_settings& settings)
{
    sql << "SET statement_timeout = " + milliseconds_of(settings.timeout);
    sql << "SET lock_timeout = " + milliseconds_of(settings.lock_timeout);
    sql << "SET idle_in_transaction_session_timeout = " + milliseconds_of(settings.timeout);
    sql << "SET datestyle = 'ISO'";
    sql << "SET client_min_messages = error"; // the client library would print notices, whatever is in them
}

void require_encryption(soci::session& sql)
{
    std::string name, cipher;
    sql << "SHOW SESSION STATUS LIKE 'Ssl_cipher'", soci::into(name), soci::into(cipher);
    if (cipher.empty())
        throw database_error(trouble::unreachable,
                             "the server offers no TLS, which \"tls\" demands; nothing was asked of it");
}

void set_up_mariadb(soci::session& sql, const database_settings& settings)
{
    if (settings.tls != tls_mode::prefer)
        require_encryption(sql);
    std::string version;
    sql << "SELECT VERSION()", soci::into(version);
    const auto seconds = std::to_string(settings.timeout.count());
    if (version.find("MariaDB") != std::string::npos) {
        sql << "SET SESSION max_statement_time = " + seconds;
        sql << "SET SESSION idle_transaction_timeout = " + seconds;
    } else {
        sql << "SET SESSION max_execution_time = " + milliseconds_of(settings.timeout);
    }
    const auto lock = std::to_string(settings.lock_timeout.count());
    sql << "SET SESSION innodb_lock_wait_timeout = " + lock;
    sql << "SET SESSION lock_wait_timeout = " + lock;
}

std::unique_ptr<soci::session> open_sqlite(const database_settings& settings)
{
    // SQLite would make a new, empty database where there is none.
    std::error_code error;
    if (!std::filesystem::is_regular_file(settings.file, error))
        throw database_error(trouble::unreachable, "there is no such file");
    auto sql = std::make_unique<soci::session>(soci::sqlite3, "db=\"" + settings.file + '"');
    auto* handle = static_cast<soci::sqlite3_session_backend*>(sql->get_backend())->conn_;
    sqlite_api::sqlite3_busy_timeout(handle, static_cast<int>(milliseconds(settings.lock_timeout).count()));
    return sql;
}

/// A function of a client library that SOCI's backend has loaded.
template <class Function>
Function* function_of(const char* library, const char* name)
{
    void* handle = ::dlopen(library, RTLD_LAZY | RTLD_NOLOAD);
    return handle ? reinterpret_cast<Function*>(::dlsym(handle, name)) : nullptr;
}

} // namespace

std::string missing_backend(database_type type)
{
    if (type == database_type::sqlite)
        return {};
    static std::mutex one_at_a_time;
    const std::lock_guard guard(one_at_a_time);
    soci::dynamic_backends::search_paths().clear(); // among them is the current folder, whichever that is
    const std::string name = backend_name(type);
    const auto loaded = soci::dynamic_backends::list_all();
    if (std::ranges::count(loaded, name) > 0)
        return {};
    try {
        soci::dynamic_backends::register_backend(name);
        // What else begins with the first connection is not meant for several threads (mysql_library_init's manual).
        if (type == database_type::mariadb)
            if (auto* const begin = function_of<decltype(::mysql_server_init)>("libmariadb.so.3", "mysql_server_init"))
                begin(0, nullptr, nullptr);
        return {};
    } catch (const soci::soci_error&) {
        return "this kind of database needs the Debian package libsoci-" + name +
               "4.0, which isn't installed: apt install libsoci-" + name + "4.0";
    }
}

std::unique_ptr<soci::session> open_session(const database_settings& settings)
{
    if (settings.type == database_type::sqlite)
        return open_sqlite(settings);
    if (const auto missing = missing_backend(settings.type); !missing.empty())
        throw database_error(trouble::unreachable, missing);
    soci::connection_parameters how(backend_name(settings.type), "");
    switch (settings.type) {
    case database_type::sqlite: break;
    case database_type::postgresql: how.set_connect_string(postgresql_string(settings)); break;
    case database_type::mariadb: how.set_connect_string(mariadb_string(settings)); break;
    case database_type::odbc:
        how.set_connect_string(odbc_string(settings));
        how.set_option("odbc.driver_complete", "0"); // SQL_DRIVER_NOPROMPT: nobody is there to be asked
        break;
    }
    auto sql = std::make_unique<soci::session>(how);
    if (settings.type == database_type::postgresql)
        set_up_postgresql(*sql, settings);
    if (settings.type == database_type::mariadb)
        set_up_mariadb(*sql, settings);
    return sql;
}

int socket_of(soci::session& session, database_type type)
{
    if (type == database_type::postgresql) {
        static auto* const tell = function_of<decltype(::PQsocket)>("libpq.so.5", "PQsocket");
        return tell ? tell(static_cast<soci::postgresql_session_backend*>(session.get_backend())->conn_) : -1;
    }
    if (type == database_type::mariadb) {
        static auto* const tell = function_of<decltype(::mysql_get_socket)>("libmariadb.so.3", "mysql_get_socket");
        return tell ? static_cast<int>(tell(static_cast<soci::mysql_session_backend*>(session.get_backend())->conn_))
                    : -1;
    }
    return -1;
}

void interrupt_sqlite(soci::session& session)
{
    sqlite_api::sqlite3_interrupt(static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_);
}

} // namespace testdome_sync::sql
