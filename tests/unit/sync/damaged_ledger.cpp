#include "tests/unit/sync/ledger_file.hpp"

#include <fstream>
#include <random>
#include <sstream>

#include <sys/stat.h>
#include <unistd.h>

// A ledger that isn't as it was stored is refused, with its file and what to do; never taken for another one.

namespace testdome_sync::sync {

namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(damaged_ledgers, ledger_file)

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

BOOST_AUTO_TEST_CASE(values_that_cannot_be_understood_are_told_with_the_name_of_the_file)
{
    {
        const auto open = open_sqlite_ledger(path, ledger_access::write);
        unit_of_work unit(*open);
        auto one = planned("1");
        open->save(one, "rule");
        auto note = note_for(one);
        open->add(note);
        stored_application application;
        application.mapping = "engineering";
        application.id = "1";
        open->save(application);
        open->save_fact("colour", "green");
        unit.commit();
    }
    execute("UPDATE write_backs SET state = 'penting'");
    execute("INSERT INTO counts VALUES('assessments', 'planed', 1, 1)");
    execute("UPDATE applications SET document = '{\"applicant'");
    execute("UPDATE facts SET value = '\"green' WHERE name = 'colour'");
    const auto open = open_sqlite_ledger(path, ledger_access::write);
    const std::vector<std::function<void()>> readers{
        [&] { open->write_backs_of(1); }, [&] { open->count_assessments(); },
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

BOOST_AUTO_TEST_CASE(a_schema_number_that_there_can_not_be_is_damage_and_no_older_ledger)
{
    open_sqlite_ledger(path, ledger_access::write);
    execute("PRAGMA user_version = -2147483641"); // a bit of the header has flipped
    for (const auto access : {ledger_access::write, ledger_access::read, ledger_access::copy}) {
        const auto text = complaint([&] { open_sqlite_ledger(path, access); });
        BOOST_TEST(text.find("ledger " + path + " is damaged") != std::string::npos, text);
    }
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
          "UPDATE applications SET document = '[]'", "UPDATE assessments SET state = 'held', result = 'x'",
          "UPDATE assessments SET result = 'null', created_at = 'yesterday', checksum = 0",
          "UPDATE applications SET document = x'00'"}) {
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

BOOST_AUTO_TEST_CASE(a_table_whose_definition_is_damaged_is_told_in_one_line)
{
    open_sqlite_ledger(path, ledger_access::write);
    execute("PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'TEXT', 'TE(T') WHERE name = "
            "'assessments'");
    const auto told = complaint([&] { open_sqlite_ledger(path, ledger_access::write); });
    BOOST_TEST(told.starts_with("ledger " + path + " is damaged ("), told);
    BOOST_TEST(told.find("restore a backup") != std::string::npos, told);
    BOOST_TEST(told.find('\n') == std::string::npos, told);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
