#pragma once

#include "connectors/examples/example.hpp"
#include "connectors/examples/played_exchange.hpp"
#include "connectors/rest/description.hpp"

#include <set>
#include <string>
#include <vector>

namespace testdome_sync::examples {

/// What the examples of a file have shown, beyond the expressions that they evaluated.
struct shown_parts {
    std::set<std::string> actions_done;
    std::set<std::string> actions_repeated;    ///< `again:`
    std::set<std::string> application_members; ///< compared: `status`, `applicant.email`
    bool poll_done = false;
    bool second_page = false;
    bool cursor_left = false;
    bool check_done = false;
    bool signed_in = false; ///< some request was compared with what it must carry
};

/// Plays one example with the real connector and a scripted network, in no time. `described` must be compiled. Every
/// difference is a problem at its line of the example. Gives what was sent and answered, repetitions included.
std::vector<played_exchange> rehearse(const example& one, const example_file& file, const rest::description& described,
                                      shown_parts& shown, config::problems& found);

} // namespace testdome_sync::examples
