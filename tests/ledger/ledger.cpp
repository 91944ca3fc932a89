#include "tests/ledger/ledger_place.hpp"
#include "tests/support/small_ledger.hpp"

#include <boost/json/parse.hpp>

namespace testdome_sync::sync {

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
