#pragma once

#include "config/settings.hpp"
#include "tests/support/dice.hpp"
#include "tests/support/understood_configuration.hpp"

#include <chrono>
#include <cstddef>
#include <string>

namespace testdome_sync::testing {

/// How the administrator has set things up.
struct installation {
    explicit installation(dice chances);

    enum class repeating { reuse, always, after };
    repeating repeat{};
    bool start_all = false;
    int per_day = 1000;
    int per_poll = 1000;
    std::chrono::minutes every{10};
    std::size_t at_once = 1000; ///< are taken in by a unit of work, and invited

    enum class edition {
        first,
        edited, ///< another rule name, another text, and the stage's later name as well
        calm,   ///< as edited, and everybody is polled seldom: nothing happens any more
    };
    understood_configuration files(edition which) const;
};

/// What the edited mapping expects a stage to be called, too.
inline const std::string later_stage_name = "Online Exam";

} // namespace testdome_sync::testing
