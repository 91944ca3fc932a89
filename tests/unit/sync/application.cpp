#include "sync/application.hpp"
#include "sync/assessment.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::sync {

BOOST_AUTO_TEST_SUITE(applications)

BOOST_AUTO_TEST_CASE(times_are_read_in_every_form_that_hr_systems_write)
{
    const auto read = [](const char* text) {
        const auto time = time_from(text);
        return time ? to_text(*time) : std::string("nothing");
    };
    BOOST_TEST(read("2026-11-24T07:00:00Z") == "2026-11-24T07:00:00Z");
    BOOST_TEST(read("2026-11-24T07:00:00.123Z") == "2026-11-24T07:00:00Z");
    BOOST_TEST(read("2026-11-24T08:00:00+01:00") == "2026-11-24T07:00:00Z");
    BOOST_TEST(read("2030-01-01T00:00:00+0000") == "2030-01-01T00:00:00Z");
    BOOST_TEST(read("2026-11-24 07:00:00") == "2026-11-24T07:00:00Z");
    BOOST_TEST(read("2026-11-24") == "2026-11-24T00:00:00Z");
    BOOST_TEST(read("2261-12-31T23:59:59Z") == "2261-12-31T23:59:59Z");
    for (const auto* wrong : {"", "yesterday", "2026-13-01", "2026-11-24T25:00:00Z", "2026-11-24T07:00:00 CET",
                              "20261124", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "1677-01-01", "2262-12-31"})
        BOOST_TEST(read(wrong) == "nothing", wrong);
}

BOOST_AUTO_TEST_CASE(an_application_survives_being_a_document)
{
    application before;
    before.id = "7";
    before.applied_at = time_from("2026-11-24T07:00:00Z");
    before.status = "active";
    before.applicant = {"3", "Ada", "Byron", "Ada Byron", "ada@example.com"};
    before.job = {"1", "C++ Engineer"};
    before.stage = {"2", "Online Test"};
    const auto after = application_from(to_document(before));
    BOOST_TEST(after.applicant.email == before.applicant.email);
    BOOST_TEST(after.stage.name == before.stage.name);
    BOOST_TEST((after.applied_at == before.applied_at));
    BOOST_TEST(to_document(after) == to_document(before));
}

BOOST_AUTO_TEST_CASE(addresses_that_can_not_be_sent_anywhere_are_recognised)
{
    BOOST_TEST(normalized_email(" Ada@Example.COM\n") == "ada@example.com");
    BOOST_TEST(is_plausible_email("ada+test@example.co.uk"));
    for (const auto* wrong : {"", "ada", "@example.com", "ada@", "ada@localhost", "a@b@c.de", "a b@c.de",
                              "a@c.de,b@c.de", "\"Ada\" <a@c.de>", "a@.de"})
        BOOST_TEST(!is_plausible_email(wrong), wrong);
}

BOOST_AUTO_TEST_CASE(every_state_is_spelled_one_way)
{
    for (int i = 0; i <= static_cast<int>(assessment_state::refused); ++i) {
        const auto state = static_cast<assessment_state>(i);
        BOOST_TEST((assessment_state_from(to_text(state)) == state));
    }
    BOOST_TEST(!assessment_state_from("Invited"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
