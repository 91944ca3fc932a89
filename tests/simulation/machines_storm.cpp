#include "tests/simulation/shared_installation.hpp"
#include "tests/support/dice.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::testing {

using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

/// A storm that one seed decides: machines are killed, sleep past their leases, are stopped, have wrong clocks, and one
/// request in ten breaks.
struct storm_over_machines : shared_installation {
    explicit storm_over_machines(std::uint64_t seed) : shared_installation(3), dice_(seed * 7919 + 5)
    {
        testdome.listing_lag = dice_.between(0s, 10min);
        for (auto& one : machines) {
            one.network.disturb = [this](const http::request&) {
                return dice_.chance(0.9) ? fault::none : dice_.one_of(all_faults);
            };
            start(one);
        }
    }

    void have_accident()
    {
        auto& victim = dice_.one_of(machines);
        switch (dice_.below(5)) {
        case 0:
            kill(victim);
            run_for(dice_.between(0s, 30s));
            return start(victim);
        case 1: {
            const auto by = dice_.between(-20min, 20min);
            victim.clock.jump_wall(by);
            run_for(dice_.between(0s, 10min));
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
            run_for(dice_.between(0s, 60s));
            return wake(victim);
        }
    }

    void live()
    {
        for (int i = 0; i < 12; ++i) {
            run_for(dice_.between(0s, 100s));
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

    dice dice_;
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
