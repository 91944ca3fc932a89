#pragma once

#include <span>
#include <string_view>

namespace testdome_sync::sync::sqlite {

/// One step of the schema's history. Steps are only ever appended: a ledger of any age is brought up to date by running
/// those that it has not seen (`PRAGMA user_version` counts them).
struct migration {
    std::span<const std::string_view> statements;
};

std::span<const migration> migrations();

} // namespace testdome_sync::sync::sqlite
