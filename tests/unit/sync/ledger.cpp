#include "sync/ledger.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

namespace testdome_sync::sync {
namespace {

namespace fs = std::filesystem;

struct ledger_file {
    ledger_file()
    {
        std::string name = (fs::temp_directory_path() / "testdome-sync-ledger.XXXXXX").string();
        directory = ::mkdtemp(name.data());
        path = (directory / "ledger.db").string();
    }
    ~ledger_file() { fs::remove_all(directory); }

    void execute(const std::string& statement)
    {
        sqlite3* database = nullptr;
        BOOST_REQUIRE(sqlite3_open(path.c_str(), &database) == SQLITE_OK);
        BOOST_TEST(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(database);
    }

    std::string complaint(const std::function<void()>& work) const
    {
        try {
            work();
            return "no complaint";
        } catch (const ledger_error& error) {
            return error.what();
        }
    }

    fs::path directory;
    std::string path;
};

assessment planned(const std::string& application)
{
    assessment made;
    made.mapping = "engineering";
    made.application_id = application;
    made.test_id = 1001;
    made.test_name = "C++ Senior";
    made.email = "ada@example.com";
    made.created_at = made.updated_at = wall_time{std::chrono::seconds{1'700'000'000}};
    return made;
}

} // namespace

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
    write_back note{.assessment_id = one.id,
                    .mapping = "engineering",
                    .event = "invited",
                    .action = "note",
                    .argument = "text",
                    .marker = "td-1",
                    .reason = ""};
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

BOOST_AUTO_TEST_CASE(a_ledger_of_a_newer_program_is_refused)
{
    open_sqlite_ledger(path, ledger_access::write);
    execute("PRAGMA user_version = 99");
    const auto text = complaint([&] { open_sqlite_ledger(path, ledger_access::write); });
    BOOST_TEST(text.find("has schema 99") != std::string::npos, text);
    BOOST_TEST(text.find("install that one again") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_ledger_or_is_damaged_is_refused)
{
    std::ofstream(path) << std::string(8192, 'x');
    BOOST_TEST(complaint([&] { open_sqlite_ledger(path, ledger_access::write); }).find("is not an SQLite database") !=
               std::string::npos);
    fs::remove(path);
    open_sqlite_ledger(path, ledger_access::write);
    for (int page = 2; page < 8; ++page) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(page * 4096);
        file << std::string(2000, '\xFF');
    }
    BOOST_TEST(complaint([&] { open_sqlite_ledger(path, ledger_access::write); }).find("damaged") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_told)
{
    BOOST_TEST(complaint([&] {
                   open_sqlite_ledger("/nowhere/ledger.db", ledger_access::write);
               }).find("its folder does not exist") != std::string::npos);
    BOOST_TEST(complaint([&] { open_sqlite_ledger(path, ledger_access::read); }).find("does not exist yet") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_hand_wrote_into_the_ledger_is_told_with_its_file)
{
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work work(*open);
        auto one = planned("1");
        open->save(one, "rule");
        open->save_fact("testdome", true);
        stored_application application;
        application.mapping = "engineering";
        application.id = "1";
        open->save(application);
        work.commit();
    }
    for (const auto* statement :
         {"UPDATE assessments SET state = 'lost'", "UPDATE facts SET value = '[[['",
          "UPDATE applications SET document = '[]'", "UPDATE assessments SET state = 'held', result = 'x'"}) {
        execute(statement);
        const auto told = complaint([&] {
            const auto open = open_sqlite_ledger(path, ledger_access::read);
            open->find_fact("testdome");
            open->find_application("engineering", "1");
            open->assessments({});
        });
        BOOST_TEST(told.find("ledger " + path + " holds something that this program has not written") == 0U,
                   statement << ": " << told);
    }
}

BOOST_AUTO_TEST_CASE(times_that_no_clock_holds_can_be_read)
{
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work work(*open);
        auto one = planned("1");
        open->save(one, "rule");
        work.commit();
    }
    execute("UPDATE assessments SET created_at = -9223372036854775807, deadline = 9223372036854775807");
    const auto all = open_sqlite_ledger(path, ledger_access::read)->assessments({});
    BOOST_REQUIRE(all.size() == 1U);
    BOOST_TEST((all[0].created_at < wall_time{} && *all[0].deadline > wall_time{}));
}

BOOST_AUTO_TEST_CASE(a_record_that_is_nested_as_deep_as_an_answer_may_be_can_be_read_again)
{
    constexpr int deepest_answer = 32; // Boost.JSON's limit for what we are sent
    boost::json::value record = "found";
    for (int i = 0; i < deepest_answer; ++i)
        record = boost::json::array{record};
    const auto open = open_sqlite_ledger(path, ledger_access::write);
    stored_application stored;
    stored.mapping = "engineering";
    stored.id = "1";
    stored.document = {{"raw", record}};
    unit_of_work work(*open);
    open->save(stored);
    const auto again = open->find_application("engineering", "1");
    BOOST_REQUIRE(again);
    BOOST_TEST((again->document.at("raw") == record));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
