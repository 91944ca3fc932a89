#pragma once

#include "config/settings.hpp"

#include <vector>

namespace testdome_sync::sync::postgresql {

/// What libpq is told of where the ledger is, and how to reach it
/// (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-PARAMKEYWORDS). Refers to the settings.
class connection_parameters {
public:
    explicit connection_parameters(const config::ledger_settings& settings);
    const char* const* names() const { return names_.data(); }
    const char* const* values() const { return values_.data(); }

private:
    void add(const char* name, const char* value);

    std::vector<const char*> names_;
    std::vector<const char*> values_;
};

} // namespace testdome_sync::sync::postgresql
