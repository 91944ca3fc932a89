#include "tests/simulation/shared_installation.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::testing {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

/// A storm that one seed decides: machines are killed, sleep past their leases, are stopped, have wrong clocks, and one
/// request in ten breaks.
struct storm_over_machines : shared_installation {
    explicit storm_over_machines(std::uint64_t seed) : shared_installation(3), dice(seed * 7919 + 5)
    {
        testdome.listing_lag = up_to(10min);
        for (auto& one : machines) {
            one.network.disturb = [this](const http::request&) {
                return dice.uniform() < 0.9 ? fault::none : all_faults[below(all_faults.size())];
            };
            start(one);
        }
    }

    std::size_t below(std::size_t limit)
    {
        return static_cast<std::size_t>(dice.uniform() * static_cast<double>(limit));
    }
    std::chrono::milliseconds up_to(std::chrono::milliseconds limit)
    {
        return std::chrono::milliseconds{static_cast<long long>(dice.uniform() * static_cast<double>(limit.count()))};
    }

    void have_accident()
    {
        auto& victim = machines[below(machines.size())];
        switch (below(5)) {
        case 0:
            kill(victim);
            run_for(up_to(30s));
            return start(victim);
        case 1: {
            const auto by = std::chrono::duration_cast<std::chrono::seconds>(up_to(40min)) - 20min;
            victim.clock.jump_wall(by);
            run_for(up_to(10min));
            return victim.clock.jump_wall(-by);
        }
        case 2:
            if (!victim.process->has_ended()) {
                stop(victim);
                start(victim);
            }
            return;
        default:
            stand_still(victim);
            run_for(up_to(60s));
            return wake(victim);
        }
    }

    void live()
    {
        for (int i = 0; i < 12; ++i) {
            run_for(up_to(100s));
            have_accident();
            run_for(2s);
            revive();
        }
        for (auto& one : machines)
            one.network.disturb = nullptr;
        run_for(30min); // what was put off while a clock ran ahead is put off until then
        revive();
        settle();
    }

    seeded_random dice;
};

BOOST_AUTO_TEST_SUITE(machines, *boost::unit_test::precondition(only_postgresql{}))

BOOST_DATA_TEST_CASE(whatever_happens_to_machines_everybody_is_served_and_paid_for_once, data::xrange(8), seed)
{
    storm_over_machines all(static_cast<std::uint64_t>(seed));
    all.live();
    BOOST_TEST(all.complaint() == "");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
