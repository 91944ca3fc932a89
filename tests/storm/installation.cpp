#include "tests/storm/installation.hpp"

#include "tests/sandbox/example.hpp"
#include "tests/support/replace_once.hpp"
#include "tests/support/simulated_network.hpp"

namespace testdome_sync::testing {
namespace {

constexpr std::chrono::minutes calm_every{120};

std::string_view words(installation::repeating how)
{
    switch (how) {
    case installation::repeating::reuse: return "reuse";
    case installation::repeating::always: return "always";
    case installation::repeating::after: return "after 5h";
    }
    return {};
}

} // namespace

installation::installation(dice chances)
    : repeat(chances.chance(0.7)   ? repeating::reuse
             : chances.chance(0.5) ? repeating::always
                                   : repeating::after),
      start_all(chances.chance(0.5)), per_day(chances.chance(0.25) ? 20 : 1000),
      per_poll(chances.chance(0.3) ? 12 : 1000), every(chances.chance(0.3) ? 20 : 60)
{
}

const understood_configuration& installation::files(edition which) const
{
    const auto period = std::to_string((which == edition::calm ? calm_every : every).count()) + 'm';
    auto settings = sandbox::example_settings(simulated_network::host, 1000);
    replace_once(settings, "poll: {every: 1s}", "poll: {every: " + period + '}');
    auto mapping = sandbox::example_mapping(simulated_network::host);
    replace_once(mapping, "poll: {every: 1s, start: all}",
                 "poll: {every: " + period + ", overlap: " + std::to_string(2 * every.count()) +
                     "m, start: " + (start_all ? "all" : "now") + '}');
    replace_once(mapping, "deadline: 7d", "deadline: 8h");
    replace_once(mapping, "    cancel_when:", "    repeat: " + std::string(words(repeat)) + "\n    cancel_when:");
    replace_once(mapping, "Thank you", "Hello {{ .applicant.first_name }}, thank you");
    if (which != edition::first) {
        replace_once(mapping, ".stage.name == \"Online Test\"",
                     "(.stage.name == \"Online Test\" or .stage.name == \"" + later_stage_name + "\")");
        replace_once(mapping, "name: backend engineers", "name: engineers");
        replace_once(mapping, "Please take", "We would be glad if you took");
    }
    return understand_once(settings, mapping);
}

} // namespace testdome_sync::testing
