#pragma once

#include "sync/ledger.hpp"

#include <string>

namespace testdome_sync::sync {

inline assessment planned(const std::string& application)
{
    assessment made;
    made.mapping = "engineering";
    made.application_id = application;
    made.test_id = 1001;
    made.test_name = "C++ Senior";
    made.email = "ada@example.com";
    made.created_at = made.updated_at = wall_time{std::chrono::seconds{1'700'000'000}};
    return made;
}

inline write_back note_for(const assessment& of)
{
    return {.assessment_id = of.id,
            .mapping = of.mapping,
            .event = "invited",
            .action = "note",
            .argument = "text",
            .marker = "td-1",
            .reason = ""};
}

} // namespace testdome_sync::sync
