#include "tests/support/simulated_program.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <sstream>

// What is left of people in the ledger.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;
using sync::assessment_state;
using sync::decision_kind;

sandbox::sample_applicant lovelace(sandbox::behavior does = sandbox::behavior::passes)
{
    return {.first_name = "Ada", .last_name = "Lovelace", .email = "ada@example.com", .does = does, .score = 80};
}

sync::decision_answer forget(simulated_program& program, const std::string& email = " Ada@example.com ")
{
    return program.decide({.kind = decision_kind::forget, .subject = email, .why = "asked for it by letter"});
}

/// Everything that the ledger can tell about anybody.
std::string all_that_is_stored(simulated_program& program)
{
    std::ostringstream text;
    for (const auto& one : program.assessments()) {
        text << one.email << ' ' << one.reason << ' ' << one.result << '\n';
        for (const auto& written : program.ledger().write_backs_of(one.id))
            text << written.argument << '\n';
        for (const auto& application : program.ledger().find_applications(one.application_id))
            text << application.document << '\n';
    }
    return text.str();
}

bool knows(simulated_program& program, const std::string& words)
{
    return all_that_is_stored(program).find(words) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(erasing)

BOOST_AUTO_TEST_CASE(nothing_is_left_of_a_person_who_is_forgotten_and_what_the_hr_system_still_has_is_not_stored_again)
{
    simulated_program program({lovelace()});
    program.start();
    program.run_for(1h);
    BOOST_REQUIRE(knows(program, "ada@example.com"));
    BOOST_REQUIRE(knows(program, "80"));

    BOOST_TEST(forget(program).is_done());
    program.greenhouse.touch(program.applicants.at(0).application);
    program.run_for(2h);

    for (const auto* words : {"ada@example.com", "Ada", "Lovelace", "80", "report"})
        BOOST_TEST(!knows(program, words), all_that_is_stored(program));
    BOOST_TEST((program.assessments().at(0).state == assessment_state::completed)); // and the statistics stay right
    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(!forget(program).is_done()); // nobody of this address is known
    for (const auto& event : program.events.all)
        BOOST_TEST(event.text.find("ada@") == std::string::npos, event.text);
}

BOOST_AUTO_TEST_CASE(the_hr_systems_own_record_is_kept_while_something_is_open_and_not_stored_again_when_all_is_over)
{
    simulated_program program({lovelace()});
    const auto stored = [&] {
        return program.ledger().find_applications(std::to_string(program.applicants.at(0).application)).at(0);
    };
    program.start();
    BOOST_REQUIRE(program.clock.step_until([&] { return program.testdome.paid_in_all() == 1; }, 10min));
    BOOST_TEST(stored().document.contains("raw"));
    program.run_for(2h);
    const auto when_over = stored();
    BOOST_TEST(!when_over.document.contains("raw"));
    program.greenhouse.touch(program.applicants.at(0).application);
    program.run_for(2h);
    BOOST_TEST(stored().fingerprint != when_over.fingerprint);
    BOOST_TEST(!stored().document.contains("raw"));
}

BOOST_AUTO_TEST_CASE(a_forgotten_person_who_applies_again_is_not_paid_for_again_as_testdome_still_knows_the_result)
{
    simulated_program program({lovelace()});
    program.start();
    program.run_for(1h);
    BOOST_REQUIRE(forget(program).is_done());
    program.greenhouse.add_application({"Ada", "Lovelace", "ada@example.com"}, 1000, "Online Test");
    program.run_for(1h);
    BOOST_REQUIRE(program.assessments().size() == 2U);
    BOOST_TEST((program.assessments().at(1).state == assessment_state::completed));
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_CASE(a_forgotten_person_whom_testdome_has_forgotten_too_is_invited_again_only_if_a_person_approves)
{
    simulated_program program({lovelace()});
    program.start();
    program.run_for(1h);
    BOOST_REQUIRE(forget(program).is_done());
    program.testdome.hide("ada@example.com");
    program.greenhouse.add_application({"Ada", "Lovelace", "ada@example.com"}, 1000, "Online Test");
    program.run_for(1h);
    BOOST_REQUIRE(program.assessments().size() == 2U);
    const auto second = program.assessments().at(1);
    BOOST_TEST((second.cause == sync::hold_cause::forgotten), second.reason);
    BOOST_TEST(program.testdome.paid_in_all() == 1);
    BOOST_TEST(program.decide({.kind = decision_kind::approve, .ids = {second.id}}).is_done());
    program.run_for(1h);
    BOOST_TEST(program.testdome.paid_in_all() == 2);
}

BOOST_AUTO_TEST_CASE(whoever_is_still_taking_a_test_is_not_forgotten_before_it_is_over)
{
    simulated_program program({lovelace(sandbox::behavior::waits)});
    program.start();
    program.run_for(1h);
    const auto answer = forget(program);
    BOOST_REQUIRE(answer.items.size() == 1U);
    BOOST_TEST(answer.items.front().text == "it is invited; `cancel` it, or wait until it has ended");
    BOOST_TEST(knows(program, "ada@example.com"));
    const auto id = program.assessments().at(0).id;
    BOOST_TEST(program.decide({.kind = decision_kind::cancel, .ids = {id}}).is_done());
    program.run_for(1h);
    BOOST_TEST(forget(program).is_done());
    BOOST_TEST(!knows(program, "ada@example.com"));
}

BOOST_AUTO_TEST_CASE(names_and_addresses_are_erased_at_night_once_they_are_old_enough_and_results_stay)
{
    simulated_program program({lovelace()});
    program.edit_settings("limits:", "retention: {finished_after: 3d}\nlimits:");
    program.start();
    program.run_for(24h * 2);
    BOOST_TEST(knows(program, "ada@example.com"));
    BOOST_TEST(program.events.count("ledger.erased") == 0);
    program.run_for(24h * 12);
    BOOST_TEST(!knows(program, "ada@example.com"), all_that_is_stored(program));
    BOOST_TEST(!knows(program, "Lovelace"), all_that_is_stored(program));
    BOOST_TEST(knows(program, "\"score\":80"));
    BOOST_TEST(program.events.count("ledger.erased") == 1);

    // A record that changes afterwards is not stored again, and no write-back is wanted once more.
    const auto written = program.greenhouse.notes_of(program.applicants.at(0).application).size();
    program.greenhouse.touch(program.applicants.at(0).application);
    program.run_for(1h);
    BOOST_TEST(!knows(program, "Lovelace"), all_that_is_stored(program));
    BOOST_TEST(program.greenhouse.notes_of(program.applicants.at(0).application).size() == written);

    // The person comes back: the earlier result counts as before.
    program.greenhouse.add_application({"Ada", "Lovelace", "ada@example.com"}, 1000, "Online Test");
    program.run_for(1h);
    BOOST_TEST((program.assessments().back().state == assessment_state::completed));
    BOOST_TEST(program.testdome.paid_in_all() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
