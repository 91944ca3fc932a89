#include "tests/simulation/counted_memory.hpp"
#include "tests/simulation/people.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <utility>

// How much more memory each of very many people takes, for as long as it is needed: with 100,000 of them a kilobyte is
// 100 of the 256 MiB that the unit allows.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

struct peaks {
    long until_invited = 0;
    long of_a_look = 0;
};

peaks peaks_of(int persons)
{
    auto all = people(persons);
    for (auto& one : all)
        one.does = sandbox::behavior::waits;
    simulated_program program(std::move(all));
    lift_limits(program);
    program.people_at_once = 50;
    program.events.keeps = false;
    program.network.server_works = [](bool works) { counted.is_counting = !works; };
    program.start();
    const auto peak_during = [&](std::chrono::seconds time) {
        const auto before_it = counted.peak = counted.bytes;
        program.run_for(time);
        return counted.peak - before_it;
    };
    counted = {.is_counting = true};
    peaks found;
    found.until_invited = peak_during(1min);
    BOOST_TEST(program.testdome.paid_in_all() == persons);
    program.run_for(1h); // until all of it is noted in the HR system
    found.of_a_look = peak_during(1min);
    counted.is_counting = false;
    BOOST_TEST(count(program, sync::assessment_state::invited) == persons);
    return found;
}

} // namespace

BOOST_AUTO_TEST_CASE(each_of_very_many_who_are_invited_or_looked_for_takes_little_memory)
{
    constexpr int few = 1000, many = 2000;
    const auto one = peaks_of(few), other = peaks_of(many);
    const auto invited = (other.until_invited - one.until_invited) / (many - few);
    const auto looked_for = (other.of_a_look - one.of_a_look) / (many - few);
    BOOST_TEST(invited < 512, invited << " bytes for each who is invited");
    BOOST_TEST(looked_for < 256, looked_for << " bytes for each whose test is open");
    BOOST_TEST_MESSAGE(invited << " bytes for each who is invited, " << looked_for << " for each whose test is open");
}

} // namespace testdome_sync::testing
