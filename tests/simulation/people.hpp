#pragma once

#include "tests/sandbox/scenario.hpp"
#include "tests/support/simulated_program.hpp"

#include <string>
#include <vector>

namespace testdome_sync::testing {

/// Somebody who passes, and is moved on for it.
inline sandbox::sample_applicant person(const std::string& name)
{
    sandbox::sample_applicant made{
        .first_name = name, .last_name = "Example", .email = name + "@example.com", .what = "passes", .score = 80};
    made.final_stage = "Interview";
    return made;
}

inline std::vector<sandbox::sample_applicant> people(int count)
{
    std::vector<sandbox::sample_applicant> all;
    for (int i = 0; i < count; ++i)
        all.push_back(person("p" + std::to_string(i)));
    return all;
}

/// For some thousand people; takes effect at the next start.
inline void lift_limits(simulated_program& program)
{
    program.edit_settings("invitations_per_day: 1000, invitations_per_poll: 1000",
                          "invitations_per_day: 5000, invitations_per_poll: 5000");
}

inline int count(simulated_program& program, sync::assessment_state state)
{
    int found = 0;
    for (const auto& one : program.assessments())
        found += one.state == state ? 1 : 0;
    return found;
}

/// Somebody who applies now.
inline long long apply(simulated_program& program, const std::string& name, const std::string& email)
{
    return program.greenhouse.add_application({name, "Later", email}, 1000, "Online Test");
}

} // namespace testdome_sync::testing
