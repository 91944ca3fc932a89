#pragma once

#include "config/reader.hpp"
#include "config/templates.hpp"

namespace testdome_sync::connectors {

/// `application:` of a mapping or preset: what a record means. Without an `id` it is a problem.
inline config::json_template read_application(const config::node& written, config::reader& in)
{
    config::json_template made(written, in.library(), in.found());
    if (!written.find("id"))
        in.found().add(written.where, "\"application\" needs \"id\"");
    return made;
}

} // namespace testdome_sync::connectors
