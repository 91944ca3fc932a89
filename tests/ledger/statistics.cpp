#include "tests/ledger/ledger_place.hpp"
#include "tests/support/small_ledger.hpp"

namespace testdome_sync::sync {
namespace {

constexpr wall_time monday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

/// Somebody who has come as far as `state`.
assessment somebody(ledger& ledger, const std::string& application, assessment_state state, wall_time when = monday)
{
    stored_application seen;
    seen.mapping = "engineering";
    seen.id = application;
    ledger.save(seen);
    auto made = planned(application);
    made.updated_at = when;
    ledger.save(made, "rule");
    if (state != assessment_state::planned && state != assessment_state::held) {
        made.state = assessment_state::inviting;
        ledger.save(made, "sending");
        made.state = assessment_state::invited;
        made.invited_at = when;
        ledger.save(made, "sent");
    }
    made.state = state;
    ledger.save(made, "moved");
    return made;
}

void written(ledger& ledger, const assessment& of, const std::string& event, write_back_state state)
{
    auto made = note_for(of);
    made.event = event;
    made.state = state;
    ledger.add(made);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(statistics_of_a_ledger, testing::ledger_place)

BOOST_AUTO_TEST_CASE(an_empty_ledger_has_none)
{
    const auto store = open();
    const auto found = store->statistics(wall_time{});
    BOOST_TEST(found.mappings.empty());
    BOOST_TEST(found.invitations.empty());
}

BOOST_AUTO_TEST_CASE(they_tell_how_far_the_applications_of_each_mapping_have_come)
{
    using enum assessment_state;
    const auto store = open();
    {
        unit_of_work unit(*store);
        stored_application skipped;
        skipped.mapping = "sales";
        skipped.id = "1";
        store->save(skipped);
        somebody(*store, "1", planned);
        somebody(*store, "2", invited);
        const auto waits = somebody(*store, "3", completed);
        written(*store, waits, "invited", write_back_state::done);
        written(*store, waits, "completed", write_back_state::pending);
        const auto done = somebody(*store, "4", completed);
        written(*store, done, "invited", write_back_state::skipped);
        written(*store, done, "completed", write_back_state::done);
        const auto failed = somebody(*store, "5", did_not_take);
        written(*store, failed, "did_not_take", write_back_state::failed);
        unit.commit();
    }
    auto found = store->statistics(wall_time{}).mappings;
    BOOST_TEST(found.size() == 2U);
    BOOST_TEST(found["sales"].applications == 1);
    BOOST_TEST(found["sales"].selected == 0);
    const auto& engineering = found["engineering"];
    BOOST_TEST(engineering.applications == 5);
    BOOST_TEST(engineering.selected == 5);
    BOOST_TEST(engineering.invited == 4);
    BOOST_TEST(engineering.finished == 3);
    BOOST_TEST(engineering.written_back == 1);
}

BOOST_AUTO_TEST_CASE(they_tell_why_somebody_is_held_and_since_when)
{
    const auto store = open();
    unit_of_work unit(*store);
    for (const auto& [id, cause, later] :
         {std::tuple("1", hold_cause::approval, 3), std::tuple("2", hold_cause::approval, 1),
          std::tuple("3", hold_cause::email, 2)}) {
        auto one = somebody(*store, id, assessment_state::held, monday + std::chrono::hours{later});
        one.cause = cause;
        store->save(one, "held");
    }
    unit.commit();
    auto held = store->statistics(wall_time{}).mappings["engineering"].held;
    BOOST_TEST(held.size() == 2U);
    BOOST_TEST(held[hold_cause::approval].count == 2);
    BOOST_TEST((held[hold_cause::approval].oldest == monday + std::chrono::hours{1}));
    BOOST_TEST(held[hold_cause::email].count == 1);
}

BOOST_AUTO_TEST_CASE(they_count_the_invitations_of_each_day)
{
    const auto store = open();
    unit_of_work unit(*store);
    int number = 0;
    for (const int hours : {-48, 0, 23, 24, 25, 47})
        somebody(*store, std::to_string(++number), assessment_state::invited, monday + std::chrono::hours{hours});
    unit.commit();
    const auto days = store->statistics(monday).invitations;
    BOOST_REQUIRE(days.size() == 2U);
    BOOST_TEST((wall_time{days[0].first} == monday));
    BOOST_TEST(days[0].second == 2);
    BOOST_TEST(days[1].second == 3);
    BOOST_TEST(store->invitations_since(monday) == 5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
