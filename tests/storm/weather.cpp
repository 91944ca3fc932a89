#include "tests/storm/weather.hpp"

namespace testdome_sync::testing {
namespace {

constexpr std::array frequencies{0.0, 0.01, 0.04};

/// Everything, one system, or the requests with an effect.
const std::array<std::string, 6> places{"https", "https", "/testdome/", "/greenhouse/", "invite-via-email", "/notes"};

} // namespace

weather::weather(dice chances, virtual_clock& clock, chronicle& events, std::chrono::seconds until)
    : dice_(chances), clock_(clock), events_(events), end_(clock.now() + until), background_(dice_.one_of(frequencies))
{
    const int count = dice_.between(2, 8);
    for (int i = 0; i < count; ++i) {
        front made;
        made.begin = clock.now() + dice_.between(std::chrono::seconds{0}, until);
        made.end = std::min(end_, made.begin + dice_.between(std::chrono::minutes{2}, std::chrono::hours{4}));
        made.kind = dice_.one_of(all_faults);
        made.frequency = dice_.chance(0.4) ? 1.0 : dice_.uniform();
        made.where = dice_.one_of(places);
        fronts_.push_back(std::move(made));
    }
}

fault weather::raw_decision(const http::request& order)
{
    const auto now = clock_.now();
    if (now >= end_)
        return fault::none;
    for (const auto& one : fronts_)
        if (now >= one.begin && now < one.end && order.url.find(one.where) != std::string::npos &&
            dice_.chance(one.frequency))
            return one.kind;
    return dice_.chance(background_) ? dice_.one_of(all_faults) : fault::none;
}

fault weather::decide(const http::request& order)
{
    const auto decided = raw_decision(order);
    if (decided != fault::none)
        events_.happened(disturbance_of(decided));
    return decided;
}

} // namespace testdome_sync::testing
