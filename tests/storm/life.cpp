#include "tests/storm/life.hpp"

#include "sync/application.hpp"
#include "sync/events.hpp"
#include "tests/storm/audit.hpp"
#include "tests/storm/machine.hpp"
#include "tests/storm/people.hpp"
#include "tests/storm/weather.hpp"

#include <algorithm>

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds storm = 30h;
constexpr std::chrono::seconds calm = 44h; ///< a deadline, a day of patience with listings, and retries
constexpr std::chrono::seconds before_start = 2h;

class simulated_life {
public:
    simulated_life(std::uint64_t seed, const broken_variant* mistake, std::vector<std::string>* trace)
        : dice_(seed * 0x9E3779B97F4A7C15U + 1), setup_(dice_.split()),
          testdome_([this] { return clock_.world_time(); }, sandbox::pace{}),
          greenhouse_([this] { return clock_.world_time(); }), network_(testdome_, greenhouse_, clock_),
          people_(dice_.split(), setup_, testdome_, greenhouse_, clock_, chronicle_),
          machine_(dice_.split(), setup_, clock_, network_, chronicle_, mistake, trace)
    {
        greenhouse_.base_url = simulated_network::host + "/greenhouse/v3";
        testdome_.listing_lag = dice_.chance(0.5) ? dice_.between(0s, 10min) : 0s;
        testdome_.token_life = dice_.chance(0.3) ? 90s : 1800s;
        greenhouse_.token_life = dice_.chance(0.3) ? 90s : 3600s;
        if (dice_.chance(0.3)) {
            testdome_.largest_page = 7;
            greenhouse_.largest_page = 7;
        }
        people_.nudge = [this] { machine_.nudge(); };
    }

    life_outcome live()
    {
        people_.apply_before_start();
        clock_.run_for(before_start);
        weather weather(dice_.split(), clock_, chronicle_, storm);
        network_.disturb = [&](const http::request& order) {
            if (!machine_.is_running())
                return fault::refused;
            if (order.url.ends_with("/invite-via-email")) {
                machine_.invitation_leaves();
                people_.invitation_leaves();
            }
            return weather.decide(order);
        };
        people_.plan(storm);
        machine_.start();
        machine_.run(storm, true);
        machine_.become_calm();
        machine_.run(calm, false);
        return finish();
    }

private:
    life_outcome finish()
    {
        life_outcome outcome;
        outcome.complaints = machine_.complaints();
        std::ranges::copy(chronicle_.complaints(), std::back_inserter(outcome.complaints));
        if (auto* ledger = machine_.ledger())
            std::ranges::copy(audit({people_, setup_, testdome_, greenhouse_, *ledger, clock_.world_time(),
                                     machine_.clock_was_wrong()}),
                              std::back_inserter(outcome.complaints));
        else
            outcome.complaints.push_back("the program does not run any more");
        outcome.disturbances = chronicle_.disturbances();
        outcome.transitions = chronicle_.transitions();
        outcome.lived = before_start + storm + calm;
        outcome.requests = network_.count;
        return outcome;
    }

    dice dice_;
    installation setup_;
    virtual_clock clock_;
    chronicle chronicle_;
    sandbox::testdome_world testdome_;
    sandbox::greenhouse_world greenhouse_;
    simulated_network network_;
    people people_;
    machine machine_;
};

} // namespace

life_outcome live(std::uint64_t seed, const broken_variant* mistake, std::vector<std::string>* trace)
{
    return simulated_life(seed, mistake, trace).live();
}

} // namespace testdome_sync::testing
