#include "tests/storm/installation.hpp"

#include "tests/sandbox/example.hpp"
#include "tests/support/replace_once.hpp"
#include "tests/support/simulated_network.hpp"

namespace testdome_sync::testing {
namespace {

constexpr std::chrono::minutes calm_every{120};

config::repeat_settings settings_of(installation::repeating how)
{
    switch (how) {
    case installation::repeating::reuse: return {config::repeat_mode::reuse};
    case installation::repeating::always: return {config::repeat_mode::always};
    case installation::repeating::after: return {config::repeat_mode::after, std::chrono::hours{5}};
    }
    return {};
}

/// The two texts that there are; what else an installation chooses has no expression in it. (libjq takes as long for
/// one mapping file as a whole life does.)
const understood_configuration& understood(bool edited)
{
    const auto settings = sandbox::example_settings(simulated_network::host, 1000);
    auto mapping = sandbox::example_mapping(simulated_network::host);
    replace_once(mapping, "deadline: 7d", "deadline: 8h");
    replace_once(mapping, "Thank you", "Hello {{ .applicant.first_name }}, thank you");
    if (edited) {
        replace_once(mapping, ".stage.name == \"Online Test\"",
                     "(.stage.name == \"Online Test\" or .stage.name == \"" + later_stage_name + "\")");
        replace_once(mapping, "name: backend engineers", "name: engineers");
        replace_once(mapping, "Please take", "We would be glad if you took");
    }
    return understand_once(settings, mapping);
}

} // namespace

installation::installation(dice chances)
    : repeat(chances.chance(0.7)   ? repeating::reuse
             : chances.chance(0.5) ? repeating::always
                                   : repeating::after),
      start_all(chances.chance(0.5)), per_day(chances.chance(0.25) ? 20 : 1000),
      per_poll(chances.chance(0.3) ? 12 : 1000), every(chances.chance(0.3) ? 20 : 60),
      at_once(chances.chance(0.5) ? 3 : 1000)
{
}

understood_configuration installation::files(edition which) const
{
    auto made = understood(which != edition::first);
    const auto period = which == edition::calm ? calm_every : every;
    made.configuration.main.testdome.poll_every = period;
    made.configuration.main.limits.invitations_per_day = per_day;
    made.configuration.main.limits.invitations_per_poll = per_poll;
    for (auto& mapping : made.configuration.mappings) {
        mapping.poll.every = period;
        mapping.poll.overlap = 2 * every;
        mapping.poll.start = start_all ? config::start_mode::all : config::start_mode::now;
        for (auto& rule : mapping.rules)
            rule.repeat = settings_of(repeat);
    }
    return made;
}

} // namespace testdome_sync::testing
