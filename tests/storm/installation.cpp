#include "tests/storm/installation.hpp"

#include "tests/sandbox/example.hpp"
#include "tests/support/simulated_network.hpp"

#include <stdexcept>

namespace testdome_sync::testing {
namespace {

void replace(std::string& text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    if (at == std::string::npos)
        throw std::logic_error("the example has no \"" + from + '"');
    text.replace(at, from.size(), to);
}

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
      per_poll(chances.chance(0.3) ? 12 : 1000), every(chances.chance(0.4) ? 10 : 30)
{
}

const understood_configuration& installation::files(bool edited) const
{
    const auto period = std::to_string(every.count()) + 'm';
    auto settings = sandbox::example_settings(simulated_network::host, 1000);
    replace(settings, "poll: {every: 1s}", "poll: {every: " + period + '}');
    auto mapping = sandbox::example_mapping(simulated_network::host);
    replace(mapping, "poll: {every: 1s, start: all}",
            "poll: {every: " + period + ", overlap: " + std::to_string(2 * every.count()) +
                "m, start: " + (start_all ? "all" : "now") + '}');
    replace(mapping, "deadline: 7d", "deadline: 8h");
    replace(mapping, "    cancel_when:", "    repeat: " + std::string(words(repeat)) + "\n    cancel_when:");
    replace(mapping, "Thank you", "Hello {{ .applicant.first_name }}, thank you");
    if (edited) {
        replace(mapping, ".stage.name == \"Online Test\"",
                "(.stage.name == \"Online Test\" or .stage.name == \"" + later_stage_name + "\")");
        replace(mapping, "name: backend engineers", "name: engineers");
        replace(mapping, "Please take", "We would be glad if you took");
    }
    return understand_once(settings, mapping);
}

} // namespace testdome_sync::testing
