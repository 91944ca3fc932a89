#include "connectors/sql/errors.hpp"

#include "sync/events.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <soci/mysql/soci-mysql.h>
#include <soci/odbc/soci-odbc.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace testdome_sync::sql {
namespace {

/// SOCI tells the SQLSTATE by a function of PostgreSQL's backend, a library that this program isn't linked with but
/// loads when a mapping needs it; so the member behind it is read. (An explicit instantiation may name a private one.)
template <auto sqlstate>
struct sqlstate_member {
    friend std::string sqlstate_of(const soci::postgresql_soci_error& error)
    {
        return std::string(error.*sqlstate, sizeof(error.*sqlstate));
    }
};
std::string sqlstate_of(const soci::postgresql_soci_error& error);
template struct sqlstate_member<&soci::postgresql_soci_error::sqlstate_>;

struct classified {
    trouble kind;
    std::string code;
};

/// PostgreSQL's reasons for refusing a connection come as text alone, from its client library and its ODBC driver.
bool sounds_like_denied(const std::string& text)
{
    for (const std::string_view word :
         {"authentication failed", "no pg_hba.conf entry", "does not exist", "permission denied", "not permitted"})
        if (text.find(word) != std::string::npos)
            return true;
    return false;
}

std::string text_of(const soci::soci_error& error)
{
    if (const auto* known = dynamic_cast<const soci::odbc_soci_error*>(&error))
        return reinterpret_cast<const char*>(known->odbc_error_message());
    return error.get_error_message();
}

classified classify(const soci::soci_error& error)
{
    if (const auto* known = dynamic_cast<const soci::postgresql_soci_error*>(&error))
        return {trouble_of_sqlstate(sqlstate_of(*known)), sqlstate_of(*known)};
    if (const auto* known = dynamic_cast<const soci::mysql_soci_error*>(&error))
        return {trouble_of_mariadb(known->err_num_), std::to_string(known->err_num_)};
    if (const auto* known = dynamic_cast<const soci::sqlite3_soci_error*>(&error))
        return {trouble_of_sqlite(known->result()), ""};
    if (const auto* known = dynamic_cast<const soci::odbc_soci_error*>(&error)) {
        const std::string code(reinterpret_cast<const char*>(known->odbc_error_code()));
        const bool denied = code == "08001" && sounds_like_denied(text_of(error));
        return {denied ? trouble::denied : trouble_of_sqlstate(code), code};
    }
    const auto text = error.get_error_message();
    if (!text.starts_with("Cannot establish connection"))
        return {trouble::unknown, ""};
    return {sounds_like_denied(text) ? trouble::denied : trouble::unreachable, ""};
}

std::string without_prefix(std::string text)
{
    for (const std::string_view prefix :
         {"sqlite3_statement_backend::prepare: ", "sqlite3_statement_backend::loadOne: ",
          "Cannot establish connection to the database.", "Cannot execute query.", "Cannot prepare statement.",
          "Cannot begin transaction.", "Cannot commit transaction.", " Fatal error.", " Connection failed."})
        if (text.starts_with(prefix))
            text.erase(0, prefix.size());
    text.erase(0, text.find_first_not_of(" \n"));
    return text;
}

void replace_all(std::string& text, const std::string& what, const std::string& with)
{
    for (auto at = text.find(what); !what.empty() && at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

} // namespace

trouble trouble_of_sqlstate(const std::string& sqlstate)
{
    // Single codes first, then classes.
    static const std::vector<std::pair<trouble, std::vector<std::string_view>>> known{
        {trouble::unreachable, {"08001", "57P03", "IM002", "IM003"}},
        {trouble::lost, {"57P01", "57P02", "57P05", "25P03", "25P04", "40003", "HYT01"}},
        {trouble::busy, {"55P03", "55006"}},
        {trouble::too_long, {"57014", "HYT00", "HY008"}},
        {trouble::denied, {"42501", "3D000"}},
        {trouble::refused, {"40002", "P0001"}},
        {trouble::wrong_statement, {"25006"}},
        {trouble::lost, {"08"}},
        {trouble::denied, {"28"}},
        {trouble::refused, {"21", "22", "23", "44"}},
        {trouble::busy, {"40", "53"}},
        {trouble::wrong_statement, {"07", "0A", "26", "34", "37", "3F", "42", "S0"}},
    };
    for (const auto& [kind, codes] : known)
        for (const auto code : codes)
            if (sqlstate.starts_with(code))
                return kind;
    return trouble::unknown;
}

trouble trouble_of_mariadb(unsigned int number)
{
    // The server's numbers (1000 to 1999, 3000 on) and the client library's (2000 to 2999).
    static const std::map<trouble, std::set<unsigned int>> known{
        {trouble::unreachable, {1049, 1129, 2002, 2003, 2005, 2012, 2026, 2058, 2059}},
        {trouble::lost, {1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2055, 4031}},
        // Deadlocks and locks, too many connections, a server that only reads for now, a full disk.
        {trouble::busy, {1020, 1021, 1040, 1114, 1203, 1205, 1206, 1213, 1226, 1290, 1792, 1836, 3572}},
        {trouble::too_long, {1317, 1969, 3024}},
        {trouble::denied, {1044, 1045, 1130, 1142, 1143, 1227, 1370, 1698, 1820, 1862, 3118, 4151}},
        {trouble::refused, {1022, 1048, 1062, 1169, 1216, 1217, 1264, 1265, 1292, 1364, 1365,
                            1366, 1406, 1411, 1451, 1452, 1586, 1644, 1690, 3819, 4025}},
        {trouble::wrong_statement,
         {1051, 1052, 1054, 1060, 1064, 1103, 1109, 1136, 1146, 1176, 1222, 1241, 1248, 1305, 1318, 1327, 1442}},
    };
    for (const auto& [kind, numbers] : known)
        if (numbers.contains(number))
            return kind;
    return trouble::unknown;
}

trouble trouble_of_sqlite(int result)
{
    switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return trouble::busy;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH: return trouble::denied;
    case SQLITE_CANTOPEN:
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT: return trouble::unreachable;
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH: return trouble::refused;
    case SQLITE_ERROR:
    case SQLITE_RANGE: return trouble::wrong_statement;
    case SQLITE_INTERRUPT: return trouble::too_long;
    default: return trouble::unknown; // the disk is full, or an input/output error
    }
}

std::string without_data(const std::string& message, trouble kind, database_type type)
{
    auto line = message.substr(0, message.find('\n'));
    const char quote = type == database_type::postgresql ? '"' : '\'';
    const bool may_quote =
        kind == trouble::refused || (kind == trouble::wrong_statement && type != database_type::postgresql);
    // Names are quoted as well, and those are wanted: a constraint's at PostgreSQL, a column's at MariaDB, which names
    // it last.
    const bool names_only = line.find("constraint") != std::string::npos && type == database_type::postgresql;
    const bool starts_with_name = line.starts_with("Unknown column") || line.starts_with("Table ") ||
                                  line.starts_with("Column ") || line.starts_with("Field ") ||
                                  line.starts_with("Data too long for column");
    if (!may_quote || names_only || starts_with_name || type == database_type::sqlite)
        return line;
    const auto begin = line.find(quote);
    // A value may hold quotes itself: it ends at the last one before a name that is told, or at the very last.
    const auto name = std::min(line.find("' for key"), line.find("' for column"));
    const auto end = name != std::string::npos ? name : line.rfind(quote);
    if (begin != std::string::npos && end > begin)
        line.replace(begin + 1, end - begin - 1, "…");
    return line;
}

database_error understood(const soci::soci_error& error, const database_settings& settings)
{
    const auto [kind, code] = classify(error);
    auto text = without_data(without_prefix(text_of(error)), kind, settings.type);
    replace_all(text, settings.password.reveal(), "…");
    const bool told = !code.empty() && code.find_first_not_of(' ') != std::string::npos;
    return {kind, sync::printable(text, 200) + (told ? " (" + code + ")" : "")};
}

} // namespace testdome_sync::sql
