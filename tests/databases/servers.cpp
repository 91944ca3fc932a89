#include "tests/databases/hr_database.hpp"
#include "tests/databases/proxy.hpp"

#include <boost/json/value_from.hpp>
#include <boost/test/unit_test.hpp>

#include <soci/soci.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace testdome_sync::testing {
namespace json = boost::json;
using sql::live_connector;
using sync::errc;
using sync::write_outcome;

namespace {

/// The state in /proc/PID/task/TID/stat follows the name, which is in parentheses (proc(5)).
bool stands_still(const std::filesystem::directory_entry& thread)
{
    std::ifstream stat{thread.path() / "stat"};
    const std::string line{std::istreambuf_iterator<char>{stat}, {}};
    const auto name_end = line.rfind(')');
    return name_end == std::string::npos || line.compare(name_end, 3, ") T") == 0;
}

/// Returns once no thread of the process runs any more: the signal alone takes a moment, and an answer may slip
/// through.
void freeze(pid_t process)
{
    ::kill(process, SIGSTOP);
    const std::filesystem::path threads = "/proc/" + std::to_string(process) + "/task";
    while (!std::ranges::all_of(std::filesystem::directory_iterator{threads}, stands_still))
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(servers, hr_database)

BOOST_AUTO_TEST_CASE(rows_become_applications_and_actions_are_carried_out_once)
{
    live_connector connector(mapping(note));
    const auto read = connector.poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_REQUIRE(read->applications.size() == 3U);
    const auto& one = read->applications.front();
    BOOST_TEST(one.raw == (json::value{{"id", 1},
                                       {"name", "Ada Byron"},
                                       {"email", "p@example.com"},
                                       {"updated_at", "2026-11-23 10:00:00"},
                                       {"stage", "new"}}));
    const auto first = connector.write("note", "invited", about(1));
    BOOST_REQUIRE_MESSAGE(first, first.error().detail);
    BOOST_TEST((*first == write_outcome::done));
    BOOST_TEST((connector.write("note", "invited", about(1)).value() == write_outcome::already_done));
    check_failure(connector.write("note", "invited", about(99)), errc::not_found, "the application is gone");
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 1);
    BOOST_TEST(connections(false) == 1);
}

BOOST_AUTO_TEST_CASE(since_is_bound_and_compared_by_the_database)
{
    live_connector connector(mapping());
    const auto ten = *sync::time_from("2026-11-23T10:00:00Z");
    BOOST_TEST(connector.poll(ten)->applications.size() == 3U);
    BOOST_TEST(connector.poll(ten + std::chrono::seconds{1})->applications.empty());
}

BOOST_AUTO_TEST_CASE(a_long_list_is_read_to_its_end)
{
    for (int i = 0; i < 10; ++i) // 3 * 2^10
        *hr << "INSERT INTO applications (name, email, updated_at) SELECT name, email, updated_at FROM applications";
    live_connector connector(mapping());
    const auto read = connector.poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_TEST(read->applications.size() == 3072U);
    auto text = mapping();
    text.replace(text.find("since: iso_naive"), 16, "since: iso_naive, rows: 3071");
    check_failure(live_connector(text).poll(), errc::not_sent, "more than 3071 rows");
}

BOOST_AUTO_TEST_CASE(hostile_texts_are_data)
{
    const std::string name = "Robert'); DROP TABLE applications; --";
    *hr << "INSERT INTO applications (name, email, updated_at) VALUES (:n, 'x', '2026-11-23 10:00:00')",
        soci::use(name, "n");
    live_connector connector(mapping(note));
    BOOST_TEST(connector.poll()->applications.back().applicant.name == name);
    int written = 0;
    for (const std::string text :
         {"'; DROP TABLE notes; --", "\\'; DROP TABLE notes; --", "\\", "\\\\'", ":id :text", "$1 ? %s",
          "\"; DELETE FROM notes", "`; DELETE FROM notes", "%_\\%", "Dž 漢 😀", "\xC2\xA0'", "''", "/* ' */ -- '"}) {
        const auto marker = "td-" + std::to_string(++written);
        const auto done = connector.write("note", json::value(text), about(1, marker));
        BOOST_REQUIRE_MESSAGE(done, text << ": " << done.error().detail);
        const auto stored = text + " [" + marker + ']';
        long long found = 0;
        *hr << "SELECT COUNT(*) FROM notes WHERE text = :t", soci::into(found), soci::use(stored, "t");
        BOOST_TEST(found == 1, text);
    }
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == written);
}

BOOST_AUTO_TEST_CASE(values_of_every_type_are_bound_as_what_they_are)
{
    const std::string real = is_postgresql() ? "DOUBLE PRECISION" : "DOUBLE";
    *hr << "CREATE TABLE kept (whole BIGINT, part " + real + ", words TEXT, yes BOOLEAN)";
    *hr << (is_postgresql() ? "GRANT INSERT ON kept TO testdome_sync" : "GRANT INSERT ON hr.kept TO testdome_sync@'%'");
    live_connector connector(mapping(R"yaml(
  keep:
    idempotent: true
    statements:
      - sql: "INSERT INTO kept VALUES (:whole, :part, :words, :yes)"
        parameters: {whole: !jq '.argument[0]', part: !jq '.argument[1]', words: !jq '.argument[2]', yes: !jq '.argument[3]'}
)yaml"));
    for (const auto& row :
         {json::array{9007199254740991, 0.1, "x", true}, json::array{nullptr, nullptr, nullptr, nullptr}}) {
        const auto done = connector.write("keep", row);
        BOOST_REQUIRE_MESSAGE(done, done.error().detail);
    }
    BOOST_TEST(number("SELECT COUNT(*) FROM kept WHERE whole = 9007199254740991 AND part = 0.1e0 AND words = 'x' AND "
                      "yes") == 1);
    BOOST_TEST(number("SELECT COUNT(*) FROM kept WHERE whole IS NULL AND part IS NULL AND words IS NULL AND yes IS "
                      "NULL") == 1);
    check_failure(connector.write("keep", json::array{"many", 1, "secret", true}), errc::refused, "m.yaml:");
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_was_closed_by_the_server_is_made_anew)
{
    live_connector connector(mapping(note));
    BOOST_TEST(connector.poll().has_value());
    kill_connections();
    const auto read = connector.poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    kill_connections();
    const auto written = connector.write("note", "invited", about(1));
    BOOST_REQUIRE_MESSAGE(written, written.error().detail);
}

BOOST_AUTO_TEST_CASE(a_connection_killed_in_the_middle_of_an_action_leaves_nothing_and_it_can_be_repeated)
{
    live_connector connector(mapping(note));
    const auto lock = server().administrator();
    if (!is_postgresql())
        *lock << "USE hr";
    *lock << "START TRANSACTION";
    *lock << "UPDATE applications SET stage = 'held' WHERE id = 1";
    write_under_way write(connector, "note", about(1));
    write.until([&] { return connections(true) == 1; });
    kill_connections();
    check_failure(write.end(), errc::not_sent, is_postgresql() ? "(08000)" : "(2013)");
    *lock << "ROLLBACK";
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 0);
    BOOST_TEST((connector.write("note", "invited", about(1)).value() == write_outcome::done));
}

BOOST_AUTO_TEST_CASE(who_waits_too_long_for_a_lock_tries_again_later)
{
    live_connector connector(mapping(note, ", lock_timeout: 1s"));
    const auto lock = server().administrator();
    if (!is_postgresql())
        *lock << "USE hr";
    *lock << "START TRANSACTION";
    *lock << "UPDATE applications SET stage = 'held' WHERE id = 1";
    check_failure(connector.write("note", "invited", about(1)), errc::not_sent, is_postgresql() ? "55P03" : "1205");
    *lock << "ROLLBACK";
    BOOST_TEST((connector.write("note", "invited", about(1)).value() == write_outcome::done));
    BOOST_TEST(connections(false) == 1);
}

BOOST_AUTO_TEST_CASE(of_two_that_lock_each_other_out_one_is_carried_out_and_the_other_repeated)
{
    const std::string crossing = R"yaml(
  cross:
    lookups:
      own: {query: "SELECT id FROM applications WHERE id = :own FOR UPDATE", parameters: {own: !jq .own}}
      gate: {query: "SELECT id FROM applications WHERE id = 3 FOR SHARE"}
      other: {query: "SELECT id FROM applications WHERE id = :other FOR UPDATE", parameters: {other: !jq .other}}
    idempotent: true
    statements: [{sql: "INSERT INTO notes (application, text) VALUES (:id, :text)", parameters: {id: !jq .own, text: !jq .marker}}]
)yaml";
    auto text = mapping(crossing);
    if (!is_postgresql())
        text.replace(text.find("FOR SHARE"), 9, "LOCK IN SHARE MODE");
    live_connector one(text), two(text);
    const auto gate = server().administrator();
    if (!is_postgresql())
        *gate << "USE hr";
    *gate << "START TRANSACTION";
    *gate << "UPDATE applications SET stage = 'held' WHERE id = 3";
    write_under_way first(one, "cross", {{"own", 1}, {"other", 2}, {"marker", "td-1"}});
    first.until([&] { return connections(true) == 1; });
    write_under_way second(two, "cross", {{"own", 2}, {"other", 1}, {"marker", "td-2"}});
    second.until([&] { return connections(true) == 2; });
    *gate << "ROLLBACK"; // now each waits for the other
    while (!first.ended || !second.ended) {
        one.world.context().run_one_for(std::chrono::milliseconds{5});
        two.world.context().run_one_for(std::chrono::milliseconds{5});
    }
    BOOST_REQUIRE_MESSAGE(first.outcome->has_value() != second.outcome->has_value(),
                          (first.outcome->has_value() ? "both" : first.outcome->error().detail));
    auto& victim = first.outcome->has_value() ? second : first;
    check_failure(*victim.outcome, errc::not_sent, is_postgresql() ? "40P01" : "1213");
    const bool second_lost = first.outcome->has_value();
    const auto again = second_lost ? two.write("cross", "n", {{"own", 2}, {"other", 1}, {"marker", "td-2"}})
                                   : one.write("cross", "n", {{"own", 1}, {"other", 2}, {"marker", "td-1"}});
    BOOST_REQUIRE_MESSAGE(again, again.error().detail);
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 2);
}

BOOST_AUTO_TEST_CASE(an_action_whose_commit_got_no_answer_is_looked_up_and_in_the_books_once)
{
    for (const auto when :
         {breaking_proxy::moment::after_the_server_has_answered, breaking_proxy::moment::before_the_server_hears}) {
        const bool heard = when == breaking_proxy::moment::after_the_server_has_answered;
        const auto marker = heard ? std::string("td-heard") : std::string("td-not-heard");
        breaking_proxy proxy(server().port(), "COMMIT", when);
        live_connector connector(mapping(note, "", proxy.port()));
        check_failure(connector.write("note", "invited", about(1, marker)), errc::outcome_unknown, "");
        BOOST_TEST(number("SELECT COUNT(*) FROM notes WHERE text LIKE '%" + marker + "%'") == (heard ? 1 : 0));
        const auto again = connector.write("note", "invited", about(1, marker));
        BOOST_REQUIRE_MESSAGE(again, again.error().detail);
        BOOST_TEST((*again == (heard ? write_outcome::already_done : write_outcome::done)));
        BOOST_TEST(number("SELECT COUNT(*) FROM notes WHERE text LIKE '%" + marker + "%'") == 1);
    }
}

BOOST_AUTO_TEST_CASE(an_action_that_broke_off_before_its_commit_was_not_sent)
{
    breaking_proxy proxy(server().port(), "UPDATE applications", breaking_proxy::moment::after_the_server_has_answered);
    live_connector connector(mapping(note, "", proxy.port()));
    check_failure(connector.write("note", "invited", about(1)), errc::not_sent, "");
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 0);
    BOOST_TEST((connector.write("note", "invited", about(1)).value() == write_outcome::done));
}

BOOST_AUTO_TEST_CASE(a_query_may_not_take_longer_than_the_mapping_says)
{
    auto text = mapping("", ", timeout: 2s");
    std::string endless = "(SELECT SUM(a.id) FROM applications a"; // 3^21 rows
    for (int i = 0; i < 20; ++i)
        endless += ", applications a" + std::to_string(i);
    text.replace(text.find("updated_at >= :since"), 20, endless + ") > 0");
    live_connector connector(text);
    const auto read = connector.poll();
    check_failure(read, errc::not_sent, "");
    BOOST_TEST(live_connector(mapping()).poll().has_value());
}

BOOST_AUTO_TEST_CASE(a_server_that_says_nothing_more_is_not_waited_for)
{
    live_connector connector(mapping("", ", timeout: 2s"));
    BOOST_TEST(connector.poll().has_value());
    pid_t frozen = server().process();
    if (is_postgresql()) // each connection has a process of its own
        frozen = static_cast<pid_t>(number("SELECT pid FROM pg_stat_activity WHERE usename = 'testdome_sync'"));
    freeze(frozen);
    const auto read = connector.poll();
    ::kill(frozen, SIGCONT);
    check_failure(read, errc::not_sent, "");
    const auto again = connector.poll();
    BOOST_REQUIRE_MESSAGE(again, again.error().detail);
}

BOOST_AUTO_TEST_CASE(a_stopped_server_is_unreachable_until_it_is_back)
{
    live_connector connector(mapping(note));
    BOOST_TEST(connector.poll().has_value());
    hr.reset();
    server().kill();
    const auto read = connector.poll();
    const auto written = connector.write("note", "invited", about(1));
    server().start();
    hr = server().administrator();
    if (!is_postgresql())
        *hr << "USE hr";
    check_failure(read, errc::not_sent, "");
    check_failure(written, errc::not_sent, "");
    const auto again = connector.write("note", "invited", about(1));
    BOOST_REQUIRE_MESSAGE(again, again.error().detail);
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 1);
}

BOOST_AUTO_TEST_CASE(a_wrong_password_and_a_missing_right_are_denied_and_no_secret_is_told)
{
    auto text = mapping();
    text.replace(text.find("it's a"), 6, "it is a");
    check_failure(live_connector(text).poll(), errc::denied, "check user, password and rights");
    auto forbidden = mapping();
    forbidden.replace(forbidden.find("FROM applications WHERE updated_at >= :since"), 44, "FROM secrets WHERE id = 0");
    forbidden.replace(forbidden.find("id, name, email, updated_at, stage"), 34, "id");
    const auto denied = live_connector(forbidden).poll();
    BOOST_REQUIRE(!denied);
    BOOST_TEST((denied.error().code == errc::denied), denied.error().detail);
}

BOOST_AUTO_TEST_CASE(a_constraint_refuses_and_its_data_stays_out_of_the_failure)
{
    live_connector connector(mapping(R"yaml(
  add:
    statements: [{sql: "INSERT INTO notes (application, text) VALUES (:id, :text)", parameters: {id: !jq .application.id, text: !jq .argument}}]
)yaml"));
    BOOST_TEST(connector.write("add", "secret of Ada", about(1)).has_value());
    check_failure(connector.write("add", "secret of Ada", about(1)), errc::refused, is_postgresql() ? "23505" : "1062");
    check_failure(connector.write("add", "another secret", about(99)), errc::refused,
                  is_postgresql() ? "23503" : "1452");
    check_failure(connector.write("add", json::value(std::string(201, 'x')), about(1)), errc::refused,
                  is_postgresql() ? "22001" : "1406");
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 1);
}

BOOST_AUTO_TEST_CASE(a_query_that_hides_a_change_can_not_carry_it_out)
{
    *hr << (is_postgresql() ? "CREATE FUNCTION touch() RETURNS INT LANGUAGE sql SECURITY DEFINER AS 'UPDATE "
                              "applications SET stage = ''touched''; SELECT 1'"
                            : "CREATE FUNCTION touch() RETURNS INT MODIFIES SQL DATA BEGIN UPDATE applications SET "
                              "stage = 'touched'; RETURN 1; END");
    *hr << (is_postgresql() ? "GRANT EXECUTE ON FUNCTION touch TO testdome_sync"
                            : "GRANT EXECUTE ON FUNCTION hr.touch TO testdome_sync@'%'");
    auto text = mapping();
    text.replace(text.find("WHERE updated_at >= :since"), 26, "WHERE touch() = 1");
    check_failure(live_connector(text).poll(), errc::not_sent, is_postgresql() ? "25006" : "1792");
    BOOST_TEST(number("SELECT COUNT(*) FROM applications WHERE stage = 'touched'") == 0);
}

BOOST_AUTO_TEST_CASE(the_check_finds_statements_that_the_database_does_not_understand)
{
    live_connector connector(mapping(note + R"yaml(
  tag:
    idempotent: true
    statements: [{sql: "INSERT INTO tags (name) VALUES (:tag)", parameters: {tag: !jq .argument}}]
)yaml"));
    const auto findings = connector.world.run(connector.hr_system->check());
    BOOST_REQUIRE_MESSAGE(findings, findings.error().detail);
    BOOST_REQUIRE_MESSAGE(findings->size() == 1U, json::value_from(*findings));
    BOOST_TEST(findings->front().find("tags") != std::string::npos, findings->front());
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
