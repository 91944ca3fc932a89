#pragma once

#include "tests/sandbox/scenario.hpp"

#include <string>

namespace testdome_sync::testing {

/// Somebody who passes, and is moved on for it.
inline sandbox::sample_applicant person(const std::string& name)
{
    sandbox::sample_applicant made{
        .first_name = name, .last_name = "Example", .email = name + "@example.com", .what = "passes", .score = 80};
    made.final_stage = "Interview";
    return made;
}

} // namespace testdome_sync::testing
