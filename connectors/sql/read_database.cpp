#include "connectors/sql/backend.hpp"
#include "connectors/sql/description.hpp"

#include <filesystem>

namespace testdome_sync::sql {
namespace {

database_type read_type(config::reader& in)
{
    const auto* written = in.require("type");
    const auto type = in.choice("type", "sqlite", {"sqlite", "postgresql", "mariadb", "mysql", "odbc"});
    const auto made = type == "postgresql"                   ? database_type::postgresql
                      : type == "mariadb" || type == "mysql" ? database_type::mariadb
                      : type == "odbc"                       ? database_type::odbc
                                                             : database_type::sqlite;
    if (const auto missing = missing_backend(made); written && !missing.empty())
        in.found().add(written->where, missing);
    return made;
}

std::string read_path(config::reader& in, std::string_view key, const std::string& base)
{
    auto path = in.text(key);
    if (!path.empty() && !path.starts_with('/'))
        path = (std::filesystem::path(base) / path).lexically_normal().string();
    if (path.find('"') != std::string::npos)
        in.found().add(in.child(key)->where, "a path with a double quote can't be used");
    return path;
}

void read_tls(const config::node& value, const std::string& base, database_settings& into, config::reader& parent)
{
    config::reader in(value, "\"tls\"", parent.library(), parent.sources(), parent.found());
    into.ca_file = read_path(in, "ca_file", base);
    const auto mode = in.choice("mode", into.ca_file.empty() ? "prefer" : "verify", {"prefer", "require", "verify"});
    into.tls = mode == "verify" ? tls_mode::verify : mode == "require" ? tls_mode::require : tls_mode::prefer;
    if (into.type == database_type::mariadb && into.tls == tls_mode::require && into.ca_file.empty())
        in.found().add(value.where, "MariaDB's TLS needs \"ca_file\" (the authority that has signed the server's "
                                    "certificate), or \"mode: verify\"");
}

void read_server(config::reader& in, const std::string& base, database_settings& into)
{
    into.host = in.text("host");
    if (into.host.find_first_of(";=") != std::string::npos)
        in.found().add(in.child("host")->where, "\"host\" is a name or an address");
    into.port = in.number("port", 0, 1, 65535);
    into.socket = in.text("socket");
    into.name = in.required_text("name");
    if (into.host.empty() == into.socket.empty())
        in.found().add(in.value().where, "\"database\" needs either \"host\" or \"socket\"");
    if (const auto* tls = in.child("tls"))
        read_tls(*tls, base, into, in);
}

/// Keys of one type only are unknown to the others.
void read_place(config::reader& in, const std::string& base, database_settings& into)
{
    switch (into.type) {
    case database_type::sqlite:
        if (in.require("file"))
            into.file = read_path(in, "file", base);
        break;
    case database_type::postgresql:
    case database_type::mariadb: read_server(in, base, into); break;
    case database_type::odbc: into.dsn = in.required_text("dsn"); break;
    }
}

} // namespace

database_settings read_database(const config::node& value, const config::mapping& mapping, config::reader& parent)
{
    using std::chrono::seconds;
    database_settings made;
    config::reader in(value, "\"database\"", parent.library(), parent.sources(), parent.found());
    made.type = read_type(in);
    read_place(in, mapping.sources.base_directory, made);
    made.timeout = std::max(in.duration("timeout", made.timeout), seconds{2});
    made.lock_timeout = std::clamp(in.duration("lock_timeout", made.lock_timeout), seconds{1}, made.timeout);
    for (const auto* key : {"user", "password"})
        if (const auto* written = value.find(key)) {
            in.ignore(key);
            in.found().add(written->where, std::string("\"") + key + "\" belongs into \"credentials\"");
        }
    if (const auto user = mapping.credentials.find("user"); user != mapping.credentials.end())
        made.user = user->second.reveal();
    if (const auto password = mapping.credentials.find("password"); password != mapping.credentials.end())
        made.password = password->second;
    return made;
}

} // namespace testdome_sync::sql
