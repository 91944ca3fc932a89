#include "sync/ledger.hpp"

#include "sync/sqlite/schema.hpp"
#include "tests/unit/sync/ledger_file.hpp"

namespace testdome_sync::sync {

BOOST_FIXTURE_TEST_SUITE(ledgers, ledger_file)

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
