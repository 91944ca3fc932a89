#pragma once

#include <string>

namespace testdome_sync::sync::postgresql {

/// The server's clock, in SQL: milliseconds since 1970.
inline std::string now_milliseconds()
{
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";
}

} // namespace testdome_sync::sync::postgresql
