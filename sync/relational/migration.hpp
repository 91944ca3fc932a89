#pragma once

#include <span>
#include <string_view>

namespace testdome_sync::sync::relational {

/// One step of a schema's history. Steps are only ever appended: a ledger of any age is brought up to date by running
/// those that it has not seen.
struct migration {
    std::span<const std::string_view> statements;
};

} // namespace testdome_sync::sync::relational
