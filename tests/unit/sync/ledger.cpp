#include "sync/ledger.hpp"
#include "sync/sqlite/schema.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <random>
#include <sstream>

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

    void execute(const std::string& statement) const
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
    const auto text = complaint([&] { open_sqlite_ledger(path, ledger_access::write); });
    BOOST_TEST(text.find("is damaged (") != std::string::npos, text);
    BOOST_TEST(text.find('\n') == std::string::npos, text);
}

// What a bit that flips on the disk does to one value, SQLite can't see.
BOOST_AUTO_TEST_CASE(an_assessment_that_is_not_as_it_was_stored_is_refused)
{
    const std::vector<std::string> damages{"state = 'inviuing'", "email = 'eda@example.com'", "test_id = 1009",
                                           "candidate_id = 4096", "result = '{\"score'"};
    for (const auto& damage : damages) {
        const ledger_file file;
        {
            const auto open = open_sqlite_ledger(file.path, ledger_access::write);
            unit_of_work unit(*open);
            auto one = planned("1");
            open->save(one, "rule");
            one.state = assessment_state::inviting;
            open->save(one, "sending");
            unit.commit();
        }
        BOOST_TEST(open_sqlite_ledger(file.path, ledger_access::write)->assessments({}).size() == 1U);
        file.execute("UPDATE assessments SET " + damage);
        const auto open = open_sqlite_ledger(file.path, ledger_access::write);
        const auto text = file.complaint([&] { open->assessments({}); });
        BOOST_TEST(text.starts_with("ledger " + file.path + " is damaged (assessment 1"), damage << ": " << text);
        BOOST_TEST(text.find("restore a backup") != std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(no_bit_of_an_assessment_changes_unnoticed)
{
    const auto everything = [](ledger& open) {
        std::string told;
        for (const auto& one : open.assessments({}))
            told += std::to_string(one.id) + one.mapping + one.application_id + one.email + one.reason +
                    std::string(to_text(one.state)) + std::to_string(one.test_id) + ' ' +
                    std::to_string(one.candidate_id) + ' ' + std::to_string(one.created_at.time_since_epoch().count()) +
                    '\n';
        told += std::to_string(open.assessments({.states = {assessment_state::inviting}}).size());
        return told + ' ' + std::to_string(open.invitations_since(wall_time{}));
    };
    std::string whole;
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work unit(*open);
        for (int i = 0; i < 300; ++i) {
            auto one = planned(std::to_string(i));
            one.email = "person" + std::to_string(i) + "@example.com";
            one.reason = "a sentence that stands in no index";
            open->save(one, "rule");
            one.state = assessment_state::inviting;
            open->save(one, "sending");
        }
        unit.commit();
        whole = everything(*open);
    }
    std::stringstream original;
    original << std::ifstream(path, std::ios::binary).rdbuf();
    std::minstd_rand dice(1);
    int refused = 0, unharmed = 0;
    for (int flips = 0; flips < 400; ++flips) {
        auto bytes = original.str();
        const auto at = std::uniform_int_distribution<std::size_t>(0, bytes.size() - 1)(dice);
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << flips % 8));
        fs::remove(path + "-wal");
        std::ofstream(path, std::ios::binary) << bytes;
        try {
            const auto open = open_sqlite_ledger(path, ledger_access::write);
            BOOST_TEST((everything(*open) == whole), "bit " << flips % 8 << " of byte " << at);
            ++unharmed;
        } catch (const ledger_error& error) {
            BOOST_TEST(std::string(error.what()).starts_with("ledger " + path));
            ++refused;
        }
    }
    BOOST_TEST(refused > 50);
    BOOST_TEST(unharmed > 50); // there is room for more on most pages
}

BOOST_AUTO_TEST_CASE(an_assessment_of_the_first_versions_is_taken_as_it_is)
{
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work unit(*open);
        auto one = planned("1");
        open->save(one, "rule");
        unit.commit();
    }
    execute("ALTER TABLE assessments DROP COLUMN checksum; CREATE INDEX transitions_inviting ON transitions(at); DROP "
            "INDEX transitions_paid; PRAGMA user_version = 3");
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

BOOST_AUTO_TEST_CASE(values_that_cannot_be_understood_are_told_with_the_name_of_the_file)
{
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
        open->add(note);
        stored_application application;
        application.mapping = "engineering";
        application.id = "1";
        open->save(application);
        open->save_fact("colour", "green");
        unit.commit();
    }
    execute("UPDATE write_backs SET state = 'penting'");
    execute("UPDATE applications SET document = '{\"applicant'");
    execute("UPDATE facts SET value = '\"green' WHERE name = 'colour'");
    const auto open = open_sqlite_ledger(path, ledger_access::write);
    const std::vector<std::function<void()>> readers{
        [&] { open->write_backs_of(1); }, [&] { open->count_write_backs(); },
        [&] { open->find_application("engineering", "1"); }, [&] { open->find_fact("colour"); }};
    for (const auto& read : readers) {
        const auto text = complaint(read);
        BOOST_TEST(text.starts_with("ledger " + path + " is damaged ("), text);
        BOOST_TEST(text.find("restore a backup") != std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(an_index_that_has_lost_an_entry_is_found_out)
{
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work unit(*open);
        auto one = planned("1");
        open->save(one, "rule");
        unit.commit();
    }
    execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX assessments_by_state ON "
            "assessments(state) WHERE 0' WHERE name = 'assessments_by_state'");
    execute("REINDEX assessments_by_state");
    execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX assessments_by_state ON "
            "assessments(state)' WHERE name = 'assessments_by_state'");
    BOOST_TEST(complaint([&] { open_sqlite_ledger(path, ledger_access::write); }).find("is damaged") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_lost_its_contents_or_its_end_is_refused_and_no_new_ledger)
{
    std::ofstream{path};
    for (const auto access : {ledger_access::write, ledger_access::read, ledger_access::copy}) {
        const auto text = complaint([&] { open_sqlite_ledger(path, access); });
        BOOST_TEST(text.find("ledger " + path + " is empty") != std::string::npos, text);
        BOOST_TEST(text.find("restore a backup") != std::string::npos, text);
    }
    BOOST_TEST(fs::file_size(path) == 0U);
    fs::remove(path);
    open_sqlite_ledger(path, ledger_access::write);
    BOOST_TEST(fs::file_size(path) > 4096U); // its tables are in the file itself, whatever becomes of the log
    for (const auto size : std::vector<std::uintmax_t>{fs::file_size(path) - 1, 1}) {
        fs::resize_file(path, size);
        const auto cut = complaint([&] { open_sqlite_ledger(path, ledger_access::write); });
        BOOST_TEST(cut.find("is damaged (cut off after " + std::to_string(size)) != std::string::npos, cut);
    }
    fs::remove(path);
    fs::create_directory(path);
    BOOST_TEST(complaint([&] { open_sqlite_ledger(path, ledger_access::write); }).find("is a folder") !=
               std::string::npos);
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
        BOOST_TEST(told.find("ledger " + path + " is damaged") == 0U, statement << ": " << told);
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
    execute("UPDATE assessments SET created_at = -9223372036854775807, deadline = 9223372036854775807, checksum = 0");
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
