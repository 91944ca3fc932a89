#include "sync/ledger.hpp"

#include "sync/sqlite/schema.hpp"
#include "tests/unit/sync/ledger_file.hpp"

#include <boost/json/parse.hpp>

namespace testdome_sync::sync {

BOOST_FIXTURE_TEST_SUITE(ledgers, ledger_file)

BOOST_AUTO_TEST_CASE(what_was_committed_is_there_after_reopening_and_what_was_not_is_not)
{
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work kept(*open);
        auto one = planned("1");
        open->save(one, "rule");
        one.state = assessment_state::inviting;
        open->save(one, "sending", "correlation");
        kept.commit();
        unit_of_work lost(*open);
        auto two = planned("2");
        open->save(two, "rule");
    }
    const auto open = open_sqlite_ledger(path, ledger_access::read);
    const auto all = open->assessments({});
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST((all[0].state == assessment_state::inviting));
    BOOST_TEST(all[0].email == "ada@example.com");
    const auto history = open->transitions(all[0].id);
    BOOST_REQUIRE(history.size() == 2U);
    BOOST_TEST(history[0].to == "planned");
    BOOST_TEST(history[1].from == "planned");
    BOOST_TEST(history[1].correlation_id == "correlation");
    BOOST_TEST(open->invitations_since(wall_time{}) == 1);
}

BOOST_AUTO_TEST_CASE(a_record_as_deep_as_an_answer_may_be_is_read_back_from_within_our_own_members)
{
    const std::string deepest = std::string(32, '[') + std::string(32, ']'); // what Boost.JSON takes from a network
    const auto record = boost::json::parse(deepest);
    const boost::json::object wrapped{{"raw", {{"joined", record}}}};
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work work(*open);
        stored_application application;
        application.mapping = "engineering";
        application.id = "1";
        application.document = wrapped;
        application.decision = {wrapped};
        open->save(application);
        mapping_record mapping;
        mapping.name = "engineering";
        mapping.cursor = wrapped;
        open->save(mapping);
        open->save_fact("fact", wrapped);
        auto one = planned("1");
        one.result = wrapped;
        open->save(one, "rule");
        write_back note;
        note.assessment_id = one.id;
        note.mapping = "engineering";
        note.argument = wrapped;
        open->add(note);
        work.commit();
    }
    const auto open = open_sqlite_ledger(path, ledger_access::read);
    BOOST_REQUIRE(open->find_application("engineering", "1"));
    BOOST_TEST(open->find_application("engineering", "1")->document == wrapped);
    BOOST_TEST(open->find_mapping("engineering").cursor == wrapped);
    BOOST_TEST(open->find_fact("fact") == wrapped);
    BOOST_REQUIRE(open->assessments({}).size() == 1U);
    BOOST_TEST(open->assessments({})[0].result == wrapped);
    const auto notes = open->write_backs_of(open->assessments({})[0].id);
    BOOST_REQUIRE(notes.size() == 1U);
    BOOST_TEST(notes[0].argument == wrapped);
}

BOOST_AUTO_TEST_CASE(one_application_and_test_exists_once)
{
    const auto open = open_sqlite_ledger(path, ledger_access::write);
    unit_of_work unit(*open);
    auto one = planned("1"), again = planned("1");
    open->save(one, "rule");
    BOOST_CHECK_THROW(open->save(again, "rule"), ledger_error);
}

BOOST_AUTO_TEST_CASE(the_same_write_back_is_added_once)
{
    const auto open = open_sqlite_ledger(path, ledger_access::write);
    unit_of_work unit(*open);
    auto one = planned("1");
    open->save(one, "rule");
    auto note = note_for(one);
    auto again = note;
    open->add(note);
    open->add(again);
    BOOST_TEST(note.id == again.id);
    BOOST_TEST(open->write_backs_of(one.id).size() == 1U);
    unit.commit();
}

BOOST_AUTO_TEST_CASE(a_process_whose_ledger_was_taken_over_commits_nothing_more)
{
    const ledger_file file;
    const auto first = open_sqlite_ledger(file.path, ledger_access::write);
    const auto second = open_sqlite_ledger(file.path, ledger_access::write);

    BOOST_TEST(file.complaint([&] { const unit_of_work unit(*first); }).find("taken over") != std::string::npos);
    unit_of_work unit(*second);
    second->save_fact("colour", "green");
    unit.commit();
    BOOST_TEST(second->find_fact("colour") == "green");
}

BOOST_AUTO_TEST_CASE(a_copy_takes_changes_and_leaves_the_file_alone)
{
    open_sqlite_ledger(path, ledger_access::write);
    {
        const auto copy = open_sqlite_ledger(path, ledger_access::copy);
        unit_of_work unit(*copy);
        auto one = planned("1");
        copy->save(one, "rule");
        unit.commit();
        BOOST_TEST(copy->assessments({}).size() == 1U);
    }
    BOOST_TEST(open_sqlite_ledger(path, ledger_access::read)->assessments({}).empty());
}

BOOST_AUTO_TEST_CASE(an_older_ledger_learns_when_each_result_is_looked_at_again)
{
    const auto steps = sqlite::migrations();
    for (std::size_t version = 0; version < 2; ++version)
        for (const auto statement : steps[version].statements)
            execute(std::string(statement));
    const auto add = [&](int id, const std::string& state, int finished_at, int checked_at) {
        execute("INSERT INTO assessments SELECT " + std::to_string(id) + ", 'engineering', '" + std::to_string(id) +
                "', '1001', '', '', 1001, '', '', '" + state + "', '', '', 7, 0, 0, 0, 0, 0, 0, 'null', 0, 0, 0, 0, " +
                std::to_string(finished_at) + ", 0, " + std::to_string(checked_at));
    };
    constexpr int day = 86'400, finished = 1'700'000'000;
    add(1, "completed", finished, finished + 3 * day);  // asked on the third day
    add(2, "completed", finished, 0);                   // not asked yet
    add(3, "completed", finished, finished + 15 * day); // nobody revises it any more
    add(4, "canceled", finished, finished);
    execute("PRAGMA user_version = 2");

    const auto ledger = open_sqlite_ledger(path, ledger_access::write);

    const auto look_again_at = [&](std::int64_t id) { return ledger->find_assessment(id)->look_again_at; };
    const auto at = [](int seconds) { return wall_time{std::chrono::seconds{seconds}}; };
    BOOST_TEST((look_again_at(1) == at(finished + 4 * day)));
    BOOST_TEST((look_again_at(2) == at(finished + day)));
    BOOST_TEST(!look_again_at(3));
    BOOST_TEST(!look_again_at(4));
    const auto due = ledger->assessments({.mapping = "engineering", .look_again_until = at(finished + 2 * day)});
    BOOST_REQUIRE(due.size() == 1U);
    BOOST_TEST(due.front().id == 2);
}

BOOST_AUTO_TEST_CASE(a_ledger_of_a_newer_program_is_refused)
{
    open_sqlite_ledger(path, ledger_access::write);
    execute("PRAGMA user_version = 99");
    const auto text = complaint([&] { open_sqlite_ledger(path, ledger_access::write); });
    BOOST_TEST(text.find("has schema 99") != std::string::npos, text);
    BOOST_TEST(text.find("install that one again") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_assessment_of_an_earlier_version_is_taken_as_it_is)
{
    constexpr std::size_t third = 3; // the last one without checksums
    std::string made;
    for (const auto& step : sqlite::migrations().first(third))
        for (const auto statement : step.statements)
            made.append(statement).append(";");
    execute(made +
            "INSERT INTO assessments(mapping, application_id, test_key, rule, test_reference, test_id, test_name, "
            "email, state, cause, reason, candidate_id, newest_before, approved, send_alone, cancel_wanted, "
            "empty_look_ups, revision, result, created_at, updated_at, invited_at, deadline, finished_at, "
            "settle_until, look_again_at) VALUES('engineering', '1', '1001', 'r', 'C++ Senior', 1001, "
            "'C++ Senior', 'ada@example.com', 'planned', '', '', 0, 0, 0, 0, 0, 0, 0, 'null', 1, 1, 0, 0, 0, 0, "
            "0); PRAGMA user_version = 3");
    const auto open = open_sqlite_ledger(path, ledger_access::write);
    auto all = open->assessments({});
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST(all[0].email == "ada@example.com");
    unit_of_work unit(*open);
    all[0].state = assessment_state::inviting;
    open->save(all[0], "sending");
    unit.commit();
    BOOST_TEST(open->assessments({{assessment_state::inviting}}).size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_told)
{
    BOOST_TEST(complaint([&] {
                   open_sqlite_ledger("/nowhere/ledger.db", ledger_access::write);
               }).find("its folder does not exist") != std::string::npos);
    BOOST_TEST(complaint([&] { open_sqlite_ledger(path, ledger_access::read); }).find("does not exist yet") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
