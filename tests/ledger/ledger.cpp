#include "tests/ledger/ledger_place.hpp"
#include "tests/support/small_ledger.hpp"

#include <boost/json/parse.hpp>

namespace testdome_sync::sync {
namespace {

assessment added_to(ledger& store, const std::string& application, const std::string& mapping, assessment_state state,
                    hold_cause cause = hold_cause::none)
{
    auto made = planned(application);
    made.mapping = mapping;
    made.state = state;
    made.cause = cause;
    store.save(made, "test");
    return made;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(ledgers, testing::ledger_place)

BOOST_AUTO_TEST_CASE(what_was_committed_is_there_after_reopening_and_what_was_not_is_not)
{
    {
        const auto store = open();
        unit_of_work kept(*store);
        auto one = planned("1");
        store->save(one, "rule");
        one.state = assessment_state::inviting;
        store->save(one, "sending", "correlation");
        kept.commit();
        unit_of_work lost(*store);
        auto two = planned("2");
        store->save(two, "rule");
    }
    const auto store = open(ledger_access::read);
    const auto all = store->assessments({});
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST((all[0].state == assessment_state::inviting));
    BOOST_TEST(all[0].email == "ada@example.com");
    const auto history = store->transitions(all[0].id);
    BOOST_REQUIRE(history.size() == 2U);
    BOOST_TEST(history[0].to == "planned");
    BOOST_TEST(history[1].from == "planned");
    BOOST_TEST(history[1].correlation_id == "correlation");
    BOOST_TEST(store->invitations_since(wall_time{}) == 1);
}

BOOST_AUTO_TEST_CASE(a_record_as_deep_as_an_answer_may_be_is_read_back_from_within_our_own_members)
{
    const std::string deepest = std::string(32, '[') + std::string(32, ']'); // what Boost.JSON takes from a network
    const auto record = boost::json::parse(deepest);
    const boost::json::object wrapped{{"raw", {{"joined", record}}}};
    {
        const auto store = open();
        unit_of_work work(*store);
        stored_application application;
        application.mapping = "engineering";
        application.id = "1";
        application.document = wrapped;
        application.decision = {wrapped};
        store->save(application);
        mapping_record mapping;
        mapping.name = "engineering";
        mapping.cursor = wrapped;
        store->save(mapping);
        store->save_fact("fact", wrapped);
        auto one = planned("1");
        one.result = wrapped;
        store->save(one, "rule");
        write_back note;
        note.assessment_id = one.id;
        note.mapping = "engineering";
        note.argument = wrapped;
        store->add(note);
        work.commit();
    }
    const auto store = open(ledger_access::read);
    BOOST_REQUIRE(store->find_application("engineering", "1"));
    BOOST_TEST(store->find_application("engineering", "1")->document == wrapped);
    BOOST_TEST(store->find_mapping("engineering").cursor == wrapped);
    BOOST_TEST(store->find_fact("fact") == wrapped);
    BOOST_REQUIRE(store->assessments({}).size() == 1U);
    BOOST_TEST(store->assessments({})[0].result == wrapped);
    const auto notes = store->write_backs_of(store->assessments({})[0].id);
    BOOST_REQUIRE(notes.size() == 1U);
    BOOST_TEST(notes[0].argument == wrapped);
}

BOOST_AUTO_TEST_CASE(one_application_and_test_exists_once)
{
    const auto store = open();
    unit_of_work unit(*store);
    auto one = planned("1"), again = planned("1");
    store->save(one, "rule");
    BOOST_CHECK_THROW(store->save(again, "rule"), ledger_error);
}

BOOST_AUTO_TEST_CASE(whose_candidates_are_followed_is_told_of_these_mappings_in_the_order_of_their_ids)
{
    const auto store = open();
    unit_of_work unit(*store);
    const auto stored_as = [&](const std::string& application, assessment_state state,
                               const char* mapping = "engineering") {
        auto made = added_to(*store, application, mapping, state);
        made.candidate_id = 500 + made.id;
        made.deadline = made.created_at + std::chrono::hours{made.id};
        store->save(made, "test");
        return made;
    };
    const auto scored = stored_as("1", assessment_state::scoring);
    for (const auto state : {assessment_state::planned, assessment_state::held, assessment_state::inviting,
                             assessment_state::unconfirmed, assessment_state::completed, assessment_state::canceled})
        stored_as(std::string(to_text(state)), state);
    stored_as("2", assessment_state::invited, "not configured any more");
    const auto started = stored_as("3", assessment_state::started, "sales");
    const auto unlinked = added_to(*store, "4", "engineering", assessment_state::invited);

    const auto followed = store->followed_assessments({"engineering", "sales"});

    BOOST_REQUIRE(followed.size() == 3U);
    BOOST_TEST(followed[0].id == scored.id);
    BOOST_TEST((followed[0].state == assessment_state::scoring));
    BOOST_TEST(followed[1].id == started.id);
    BOOST_TEST((followed[1].state == assessment_state::started));
    BOOST_TEST(followed[1].test_id == started.test_id);
    BOOST_TEST(followed[1].candidate_id == started.candidate_id);
    BOOST_TEST((followed[1].deadline == started.deadline));
    BOOST_TEST(followed[2].id == unlinked.id);
    BOOST_TEST(followed[2].candidate_id == 0);
    BOOST_TEST(!followed[2].deadline.has_value());
}

BOOST_AUTO_TEST_CASE(which_applications_are_held_is_told_of_one_mapping_and_these_causes)
{
    const auto store = open();
    unit_of_work unit(*store);
    const auto held_for = [&](const char* application, hold_cause cause, const char* mapping = "engineering") {
        return added_to(*store, application, mapping, assessment_state::held, cause);
    };
    held_for("1", hold_cause::email);
    held_for("2", hold_cause::person);
    held_for("3", hold_cause::rule);
    held_for("4", hold_cause::rule, "sales");
    auto released = held_for("5", hold_cause::email);
    released.state = assessment_state::planned;
    store->save(released, "test");

    const auto found = store->held_applications("engineering", {hold_cause::email, hold_cause::rule});

    BOOST_TEST((found == std::set<std::string>{"1", "3"}));
    BOOST_TEST(store->held_applications("marketing", {hold_cause::email}).empty());
}

BOOST_AUTO_TEST_CASE(the_same_write_back_is_added_once)
{
    const auto store = open();
    unit_of_work unit(*store);
    auto one = planned("1");
    store->save(one, "rule");
    auto note = note_for(one);
    auto again = note;
    store->add(note);
    store->add(again);
    BOOST_TEST(note.id == again.id);
    BOOST_TEST(store->write_backs_of(one.id).size() == 1U);
    unit.commit();
}

BOOST_AUTO_TEST_CASE(what_is_put_off_beyond_a_time_is_told_but_not_what_waits_for_ever)
{
    const auto store = open();
    unit_of_work unit(*store);
    auto one = planned("1");
    store->save(one, "rule");
    const auto add = [&](int revision, wall_time next) {
        auto note = note_for(one);
        note.revision = revision;
        note.next_attempt_at = next;
        store->add(note);
        return note.id;
    };
    const auto time = note_for(one).next_attempt_at + std::chrono::hours{24};
    add(1, time);
    const auto late = add(2, time + std::chrono::hours{2});
    const auto less_late = add(3, time + std::chrono::hours{1});
    add(4, write_back_never);
    unit.commit();

    std::vector<std::int64_t> found;
    for (const auto& put_off : store->write_backs_put_off(time, one.mapping, 10))
        found.push_back(put_off.id);

    BOOST_TEST(found == (std::vector{less_late, late}), boost::test_tools::per_element());
    BOOST_TEST(store->write_backs_put_off(time, one.mapping, 1).size() == 1U);
    BOOST_TEST(store->write_backs_put_off(time, "another", 10).empty());
}

BOOST_AUTO_TEST_CASE(a_process_whose_ledger_was_taken_over_commits_nothing_more)
{
    const auto first = open();
    let_lease_end();
    const auto second = open();

    BOOST_TEST(complaint([&] { const unit_of_work unit(*first); }).find("taken over") != std::string::npos);
    unit_of_work unit(*second);
    second->save_fact("colour", "green");
    unit.commit();
    BOOST_TEST(second->find_fact("colour") == "green");
}

BOOST_AUTO_TEST_CASE(a_copy_takes_changes_and_leaves_the_file_alone)
{
    open();
    {
        const auto copy = open(ledger_access::copy);
        unit_of_work unit(*copy);
        auto one = planned("1");
        copy->save(one, "rule");
        unit.commit();
        BOOST_TEST(copy->assessments({}).size() == 1U);
    }
    BOOST_TEST(open(ledger_access::read)->assessments({}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
