#include "tests/databases/hr_database.hpp"
#include "tests/databases/proxy.hpp"

#include <boost/test/unit_test.hpp>

#include <soci/soci.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace testdome_sync::testing {
namespace json = boost::json;
using sql::live_connector;
using sync::errc;
using sync::write_outcome;

namespace {

/// An OpenCATS database whose server lives in a zone of its own, and the preset that ships.
struct opencats_database : hr_database {
    opencats_database()
    {
        *hr << "DROP DATABASE IF EXISTS cats";
        *hr << "CREATE DATABASE cats CHARACTER SET utf8";
        *hr << "USE cats";
        *hr << "SET GLOBAL time_zone = '+05:00'";
        *hr << "SET time_zone = '+05:00'";
        std::ifstream schema(TESTDOME_SYNC_SOURCE_DIR "/tests/databases/opencats.sql");
        for (std::string line; std::getline(schema, line);)
            if (line.ends_with(';'))
                *hr << line.substr(0, line.size() - 1);
        config::problems found;
        preset = config::read_yaml(TESTDOME_SYNC_SOURCE_DIR "/connectors/presets/opencats.yaml", found);
        BOOST_REQUIRE_MESSAGE(preset, found.text());
    }
    ~opencats_database() { *hr << "SET GLOBAL time_zone = 'SYSTEM'"; }

    static std::string mapping(unsigned short port = 0)
    {
        auto text = server().mapping("", port);
        text.replace(text.find("type: mariadb, "), 15, "");
        text.replace(text.find("name: hr"), 8, "name: cats");
        text.replace(text.find("user: testdome_sync"), 19,
                     "url: https://ats.example.com/, user_id: 7, user: testdome_sync");
        return text;
    }

    live_connector connector(unsigned short port = 0) const
    {
        return live_connector(mapping(port), &*preset, "opencats");
    }

    /// Nothing was done to anybody yet.
    void begin_anew()
    {
        for (const auto* table :
             {"activity", "history", "candidate_joborder_status_history", "extra_field", "candidate_tag"})
            *hr << "TRUNCATE TABLE " + std::string(table);
        *hr << "UPDATE candidate_joborder SET status = 100 WHERE candidate_joborder_id = 812";
    }

    /// What the actions are for. The histories, which no one transaction keeps together with it, are not.
    std::string effects()
    {
        return "notes " + std::to_string(number("SELECT COUNT(*) FROM activity")) + ", status " +
               std::to_string(number("SELECT status FROM candidate_joborder WHERE candidate_joborder_id = 812")) +
               ", fields " +
               std::to_string(number("SELECT COUNT(*) FROM extra_field WHERE value = '80' AND data_item_id = 77")) +
               " of " + std::to_string(number("SELECT COUNT(*) FROM extra_field")) + ", tags " +
               std::to_string(number("SELECT COUNT(*) FROM candidate_tag"));
    }

    std::optional<config::node> preset;
};

/// `INSERT INTO activity`, without what follows.
std::string beginning_of(const std::string& statement)
{
    const auto first = statement.find(' ');
    const bool update = statement.starts_with("UPDATE");
    return statement.substr(0, statement.find(' ', update ? first + 1 : statement.find(' ', first + 1) + 1));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(opencats, opencats_database,
                         *boost::unit_test::precondition(only_for{database_server::product::mariadb}))

BOOST_AUTO_TEST_CASE(pipeline_entries_are_applications_and_the_databases_own_zone_counts)
{
    auto live = connector();
    const auto read = live.poll(*sync::time_from("2026-11-23T05:00:00Z"));
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_REQUIRE(read->applications.size() == 2U); // 814 is the same as 812, and 815 belongs to another site
    const auto& ada = read->applications.front();
    BOOST_TEST(ada.id == "812");
    BOOST_TEST(ada.url == "https://ats.example.com/index.php?m=candidates&a=show&candidateID=77");
    BOOST_TEST(sync::to_text(*ada.applied_at) == "2026-11-23T05:00:00Z");
    BOOST_TEST(ada.status == "active");
    BOOST_TEST(ada.applicant.id == "77");
    BOOST_TEST(ada.applicant.name == "Ada Byron");
    BOOST_TEST(ada.applicant.email == "ada@example.com");
    BOOST_TEST(ada.job.name == "C++ & Rust Engineer");
    BOOST_TEST(ada.stage.id == "100");
    BOOST_TEST(ada.stage.name == "No Contact");
    const auto& bob = read->applications.back();
    BOOST_TEST(bob.status == "rejected");
    BOOST_TEST(bob.applicant.email == "bob@example.com");
    BOOST_TEST(live.poll(*sync::time_from("2026-11-23T07:00:01Z"))->applications.empty());
    BOOST_TEST(live.poll()->applications.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_note_is_an_activity_once_escaped_and_in_the_audit_trail)
{
    auto live = connector();
    const auto done = live.write("note", "<b>80%</b> & 'well' 😀", about(812));
    BOOST_REQUIRE_MESSAGE(done, done.error().detail);
    BOOST_TEST((*done == write_outcome::done));
    BOOST_TEST((live.write("note", "again", about(812)).value() == write_outcome::already_done));
    BOOST_TEST(
        number("SELECT COUNT(*) FROM activity WHERE data_item_id = 77 AND data_item_type = 100 AND joborder_id = "
               "5 AND site_id = 1 AND entered_by = 7 AND type = 400 AND date_created > '2026-01-01'") == 1);
    const std::string stored = "&lt;b&gt;80%&lt;/b&gt; &amp; &apos;well&apos; ? [td-0123456789ab]";
    BOOST_TEST(text("SELECT notes FROM activity") == stored);
    BOOST_TEST(number("SELECT COUNT(*) FROM history WHERE data_item_type = 100 AND data_item_id = 77 AND the_field = "
                      "'ACTIVITY' AND previous_value = '(NEW)' AND description = '(USER) Added activity.' AND "
                      "entered_by = 7 AND site_id = 1") == 1);
    BOOST_TEST(text("SELECT new_value FROM history") == stored);
    BOOST_TEST(number("SELECT COUNT(*) FROM candidate WHERE date_modified > '2026-01-01'") == 1);
    check_failure(live.write("note", "n", about(999)), errc::not_found, "no longer in this job's pipeline");
}

BOOST_AUTO_TEST_CASE(a_note_that_broke_off_anywhere_is_in_the_books_once)
{
    using moment = breaking_proxy::moment;
    int round = 0;
    for (const std::string word : {"INSERT INTO activity", "INSERT INTO history", "UPDATE candidate", "COMMIT"})
        for (const auto when : {moment::before_the_server_hears, moment::after_the_server_has_answered}) {
            const auto marker = "td-" + std::to_string(++round) + "-end";
            breaking_proxy proxy(server().port(), word, when);
            auto live = connector(proxy.port());
            check_failure(live.write("note", "n", about(812, marker)), errc::outcome_unknown, "");
            BOOST_TEST(live.write("note", "n", about(812, marker)).has_value());
            BOOST_TEST(number("SELECT COUNT(*) FROM activity WHERE notes LIKE '%" + marker + "%'") == 1,
                       word << ' ' << round);
        }
}

BOOST_AUTO_TEST_CASE(each_action_that_broke_off_anywhere_and_was_done_again_has_one_effect)
{
    const std::map<std::string, json::value> arguments{{"note", "n"},
                                                       {"move_stage", "Interviewing"},
                                                       {"reject", true},
                                                       {"field", {{"TestDome score", 80}}},
                                                       {"tag", "tested"}};
    using moment = breaking_proxy::moment;
    for (const auto& [action, described] : preset->find("actions")->members) {
        const auto argument = arguments.find(action.text);
        BOOST_REQUIRE_MESSAGE(argument != arguments.end(), "no round for action " << action.text);
        begin_anew();
        BOOST_TEST((connector().write(action.text, argument->second, about(812)).value() == write_outcome::done));
        const auto effect = effects();
        std::vector<std::string> words{"COMMIT"};
        for (const auto& statement : described.find("statements")->items)
            words.push_back(beginning_of(statement.find("sql")->text));
        int broken = 0;
        for (const auto& word : words)
            for (const auto when : {moment::before_the_server_hears, moment::after_the_server_has_answered}) {
                begin_anew();
                breaking_proxy proxy(server().port(), word, when);
                auto live = connector(proxy.port());
                broken += live.write(action.text, argument->second, about(812)).has_value() ? 0 : 1;
                const auto again = live.write(action.text, argument->second, about(812));
                BOOST_REQUIRE_MESSAGE(again, action.text << ' ' << word << ": " << again.error().detail);
                BOOST_TEST(effects() == effect, action.text << ' ' << word);
            }
        BOOST_TEST(broken == 2 * static_cast<int>(words.size()), action.text);
    }
}

BOOST_AUTO_TEST_CASE(a_move_changes_the_status_and_both_histories)
{
    auto live = connector();
    const auto done = live.write("move_stage", "Interviewing", about(812));
    BOOST_REQUIRE_MESSAGE(done, done.error().detail);
    BOOST_TEST(number("SELECT status FROM candidate_joborder WHERE candidate_joborder_id = 812") == 500);
    BOOST_TEST(
        number("SELECT COUNT(*) FROM candidate_joborder_status_history WHERE candidate_id = 77 AND joborder_id = "
               "5 AND status_from = 100 AND status_to = 500 AND site_id = 1") == 1);
    BOOST_TEST(number("SELECT COUNT(*) FROM history WHERE data_item_type = 800 AND data_item_id = 812 AND the_field = "
                      "'PIPELINE' AND previous_value = '100' AND new_value = '500' AND entered_by = 7 AND description "
                      "= '(USER) changed pipeline status of candidate 77 for job order 5.'") == 1);
    BOOST_TEST((live.write("move_stage", "Interviewing", about(812)).value() == write_outcome::already_done));
    check_failure(live.write("move_stage", "Interveiwing", about(812)), errc::not_found, "no enabled pipeline status");
    BOOST_TEST((live.write("reject", true, about(812)).value() == write_outcome::done));
    BOOST_TEST(number("SELECT status FROM candidate_joborder WHERE candidate_joborder_id = 812") == 650);
    BOOST_TEST((live.write("reject", true, about(812)).value() == write_outcome::already_done));
    BOOST_TEST((live.write("reject", true, about(813)).value() == write_outcome::already_done)); // declined
    for (const int entry : {812, 813})
        check_failure(live.write("move_stage", "Interviewing", about(entry)), errc::not_found, "a move would undo");
    *hr << "UPDATE candidate_joborder SET status = 800 WHERE candidate_joborder_id = 813";
    check_failure(live.write("reject", true, about(813)), errc::not_found, "was placed");
    check_failure(live.write("move_stage", "Interviewing", about(813)), errc::not_found, "a move would undo");
    BOOST_TEST(number("SELECT COUNT(*) FROM candidate_joborder_status_history") == 2);
}

BOOST_AUTO_TEST_CASE(fields_and_tags_are_set_once)
{
    auto live = connector();
    for (const int score : {80, 85})
        BOOST_TEST((live.write("field", {{"TestDome score", score}}, about(812)).value() == write_outcome::done));
    BOOST_TEST(number("SELECT COUNT(*) FROM extra_field") == 1);
    BOOST_TEST(text("SELECT value FROM extra_field WHERE data_item_id = 77 AND data_item_type = 100 AND site_id = 1") ==
               "85");
    check_failure(live.write("field", {{"No such", 1}}, about(812)), errc::not_found, "no extra field of that name");
    check_failure(live.write("field", {{"TestDome score", nullptr}}, about(812)), errc::refused, "can not be empty");
    BOOST_TEST((live.write("tag", "tested", about(812)).value() == write_outcome::done));
    BOOST_TEST((live.write("tag", "tested", about(812)).value() == write_outcome::already_done));
    BOOST_TEST(number("SELECT COUNT(*) FROM candidate_tag WHERE candidate_id = 77 AND tag_id = 3 AND site_id = 1") ==
               1);
    check_failure(live.write("tag", "unknown", about(812)), errc::not_found, "no tag of that title");
}

BOOST_AUTO_TEST_CASE(the_check_finds_nothing_with_the_rights_that_are_documented_and_misspelt_names)
{
    auto live = connector();
    BOOST_TEST(live.world.run(live.hr_system->check()).value().empty());
    live_connector misspelt(mapping() + "write_back: {completed: [{move_stage: Interveiwing}]}\n", &*preset,
                            "opencats");
    const auto findings = misspelt.world.run(misspelt.hr_system->check());
    BOOST_REQUIRE_MESSAGE(findings, findings.error().detail);
    BOOST_REQUIRE(findings->size() == 1U);
    BOOST_TEST(findings->front().find("no move_stage for \"Interveiwing\"; did you mean \"Interviewing\"?") !=
               std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
