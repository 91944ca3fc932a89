#include "tests/simulation/people.hpp"
#include "tests/support/simulated_program.hpp"

#include <boost/test/unit_test.hpp>

// An old backup of the ledger is put back, and what has happened since is not in it.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;
using sync::assessment_state;

/// Everybody once: paid, told, written.
void everything_is_there_once(simulated_program& program, const std::vector<long long>& applications)
{
    BOOST_TEST(program.testdome.paid_in_all() == static_cast<int>(applications.size()));
    for (const auto application : applications) {
        BOOST_TEST(program.testdome.paid(program.greenhouse.email_of(application)) == 1);
        const auto notes = program.greenhouse.notes_of(application);
        BOOST_TEST(notes.size() == 2U, (notes.empty() ? "" : notes.front() + "; " + notes.back()));
        BOOST_TEST(program.greenhouse.stage_of(application) == "Interview");
    }
    for (const auto& one : program.assessments())
        BOOST_TEST((one.state == assessment_state::completed), one.reason);
}

} // namespace

BOOST_AUTO_TEST_SUITE(restored_ledger)

BOOST_AUTO_TEST_CASE(nobody_is_paid_for_and_nothing_is_written_twice_whatever_happened_since_the_backup)
{
    for (const auto* repeat : {"reuse", "always"}) {
        BOOST_TEST_CONTEXT(repeat)
        {
            simulated_program program({person("before")});
            program.edit_mapping("    cancel_when:", std::string("    repeat: ") + repeat + "\n    cancel_when:");
            program.testdome.listing_lag = 5min;
            program.start();
            program.run_for(5s); // planned at most
            program.stop();
            program.back_up();
            program.start();
            const auto after =
                program.greenhouse.add_application({"after", "", "after@example.com"}, 1000, "Online Test");
            program.run_for(6h);
            const auto just_now =
                program.greenhouse.add_application({"now", "", "now@example.com"}, 1000, "Online Test");
            program.run_for(2min); // invited, and not listed yet
            BOOST_REQUIRE(program.testdome.paid("now@example.com") == 1);
            program.stop();

            program.restore();
            program.start();
            program.run_for(24h);
            everything_is_there_once(program, {program.applicants.at(0).application, after, just_now});
        }
    }
}

BOOST_AUTO_TEST_CASE(who_applies_after_the_restoration_is_invited_as_always)
{
    simulated_program program({person("before")});
    program.start();
    program.run_for(6h);
    program.stop();
    program.back_up();
    program.restore();
    program.start();
    const auto fresh = program.greenhouse.add_application({"fresh", "", "fresh@example.com"}, 1000, "Online Test");
    program.run_for(24h);
    everything_is_there_once(program, {program.applicants.at(0).application, fresh});
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
