#include "connectors/sql/errors.hpp"
#include "tests/unit/sql/described.hpp"
#include "tests/unit/sql/hr_database.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>

#include <soci/soci.h>

namespace testdome_sync::sql {
using sync::errc;
namespace json = boost::json;

BOOST_FIXTURE_TEST_SUITE(sqlite, hr_database)

BOOST_AUTO_TEST_CASE(named_columns_become_the_record_and_the_record_an_application)
{
    sql << "UPDATE applications SET big = 9007199254740993, score = 12.5, anything = 3";
    const auto read = live_connector(mapping()).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_REQUIRE(read->applications.size() == 1U);
    const auto& one = read->applications.front();
    BOOST_TEST(one.id == "1");
    BOOST_TEST(one.applicant.first_name == "Ada");
    BOOST_TEST(sync::to_text(*one.updated_at) == "2026-11-23T10:00:00Z");
    BOOST_TEST((one.applied_after == sync::wall_time{})); // may be an old one: the query doesn't read everything
    BOOST_TEST(one.raw == (json::value{{"id", 1},
                                       {"name", "Ada Byron"},
                                       {"email", "ada@example.com"},
                                       {"updated_at", "2026-11-23 10:00:00"},
                                       {"stage", "new"},
                                       {"big", "9007199254740993"},
                                       {"score", 12.5},
                                       {"anything", 3}}));
}

BOOST_AUTO_TEST_CASE(a_value_has_its_own_type_also_in_a_computed_column)
{
    sql << "UPDATE applications SET anything = 'text'";
    const auto list = R"yaml(
list: {query: "SELECT id, COUNT(*) AS n, NULL AS none, 1.5 AS half, 'x' AS letter, anything FROM applications"}
application: {id: !jq .id}
)yaml";
    const auto read = live_connector(mapping("", list)).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_TEST(
        read->applications[0].raw ==
        (json::value{{"id", 1}, {"n", 1}, {"none", nullptr}, {"half", 1.5}, {"letter", "x"}, {"anything", "text"}}));
}

BOOST_AUTO_TEST_CASE(since_is_bound_and_a_zone_shifts_it_and_what_is_read)
{
    add("Later", "later@example.com", "2026-11-24 08:00:00");
    const auto eight = *sync::time_from("2026-11-24T08:00:00Z");
    BOOST_TEST(live_connector(mapping()).poll(eight)->applications.size() == 1U);
    BOOST_TEST(live_connector(mapping()).poll(eight + std::chrono::seconds{1})->applications.empty());
    const auto zone = "time_zone: +01:00\n" + reading;
    BOOST_TEST(live_connector(mapping("", zone)).poll(eight)->applications.empty());
    const auto seven = live_connector(mapping("", zone)).poll(eight - std::chrono::hours{1});
    BOOST_REQUIRE(seven->applications.size() == 1U);
    BOOST_TEST((seven->applications.front().updated_at == eight - std::chrono::hours{1}));
}

BOOST_AUTO_TEST_CASE(a_zone_with_summer_time_counts_as_it_is_at_that_time)
{
    add("Summer", "summer@example.com", "2026-07-24 08:00:00");
    const auto zone = "time_zone: Europe/Zagreb\n" + reading;
    const auto since = *sync::time_from("2026-07-24T06:00:00Z");
    BOOST_TEST(live_connector(mapping("", zone)).poll(since + std::chrono::seconds{1})->applications.size() == 1U);
    const auto both = live_connector(mapping("", zone)).poll(since);
    BOOST_REQUIRE(both->applications.size() == 2U);
    BOOST_TEST(sync::to_text(*both->applications[0].updated_at) == "2026-11-23T09:00:00Z");
    BOOST_TEST(sync::to_text(*both->applications[1].updated_at) == "2026-07-24T06:00:00Z");
}

BOOST_AUTO_TEST_CASE(a_cursor_is_what_the_last_row_says_and_null_at_first)
{
    const auto list = R"yaml(
list: {query: "SELECT id FROM applications WHERE id > COALESCE(:cursor, 0) ORDER BY id", cursor: !jq .id}
application: {id: !jq .id}
)yaml";
    add("Bob", "bob@example.com");
    live_connector connector(mapping("", list));
    const auto first = connector.poll();
    BOOST_REQUIRE_MESSAGE(first, first.error().detail);
    BOOST_TEST(first->applications.size() == 2U);
    BOOST_TEST(!first->applications.front().applied_after);
    BOOST_TEST((first->cursor == 2));
    const auto second = connector.poll({}, first->cursor);
    BOOST_TEST(second->applications.empty());
    BOOST_TEST((second->cursor == 2));
}

BOOST_AUTO_TEST_CASE(more_rows_than_allowed_are_a_failure_and_nothing_is_left_out)
{
    add("Bob", "bob@example.com");
    const auto list = R"yaml(
list: {query: "SELECT id FROM applications", rows: 1}
application: {id: !jq .id}
)yaml";
    check_failure(live_connector(mapping("", list)).poll(), errc::not_sent, "more than 1 rows");
}

BOOST_AUTO_TEST_CASE(rows_are_selected_and_a_row_that_makes_no_sense_is_reported_alone)
{
    add("Bob", "bob@example.com");
    add("Eve", "eve@example.com");
    const auto list = reading + "select: !jq if .id == 2 then error(\"odd\") else .id != 3 end\n";
    const auto read = live_connector(mapping("", list)).poll();
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_TEST(read->applications.size() == 1U);
    BOOST_REQUIRE(read->broken.size() == 1U);
    BOOST_TEST(read->broken.front().id == "2");
}

BOOST_AUTO_TEST_CASE(two_columns_of_one_name_are_refused)
{
    const auto list = R"yaml(
list: {query: "SELECT a.id, b.id FROM applications a, applications b"}
application: {id: !jq .id}
)yaml";
    check_failure(live_connector(mapping("", list)).poll(), errc::not_sent,
                  "two columns of the query are called \"id\"");
}

BOOST_AUTO_TEST_CASE(reading_can_not_change_anything)
{
    database_settings settings;
    settings.file = path.string();
    connection open(settings);
    open.begin(access::read);
    statement hidden;
    hidden.text = "DELETE FROM applications";
    BOOST_CHECK_THROW(open.change(hidden, {}), database_error);
    open.rollback();
    BOOST_TEST(number("SELECT COUNT(*) FROM applications") == 1);
}

BOOST_AUTO_TEST_CASE(an_action_is_carried_out_once)
{
    live_connector connector(mapping(note));
    BOOST_TEST((connector.hr_system->repeats("note") == sync::repeatability::checkable));
    const auto first = connector.write("note", "invited", about(1));
    BOOST_REQUIRE_MESSAGE(first, first.error().detail);
    BOOST_TEST((*first == sync::write_outcome::done));
    BOOST_TEST((connector.write("note", "invited", about(1)).value() == sync::write_outcome::already_done));
    BOOST_TEST(number("SELECT COUNT(*) FROM notes WHERE text = 'invited [td-0123456789ab]'") == 1);
    BOOST_TEST(number("SELECT COUNT(*) FROM applications WHERE stage = 'noted'") == 1);
    check_failure(connector.write("fax", "x"), errc::unsupported, "no action \"fax\"");
}

BOOST_AUTO_TEST_CASE(all_statements_of_an_action_count_or_none)
{
    live_connector connector(mapping(note));
    check_failure(connector.write("note", "for nobody", about(77)), errc::not_found,
                  "changes 0 rows instead of 1; nothing was changed");
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 0);
    // The connection is as good as before.
    BOOST_TEST(connector.write("note", "for Ada", about(1)).has_value());
}

BOOST_AUTO_TEST_CASE(hostile_texts_are_data)
{
    add("Robert'); DROP TABLE applications; --", "x@example.com");
    live_connector connector(mapping(note));
    BOOST_TEST(connector.poll()->applications.size() == 2U);
    int written = 0;
    for (const std::string text : {"'; DROP TABLE notes; --", "\\'; DROP TABLE notes; --", ":id :text", "{{ .marker }}",
                                   "\"; DELETE FROM notes", "%_\\", "Dž 漢 😀"}) {
        auto document = about(1);
        document["marker"] = "td-" + std::to_string(++written);
        const auto done = connector.write("note", json::value(text), document);
        BOOST_TEST(done.has_value(), text);
        const auto stored = text + " [td-" + std::to_string(written) + ']';
        long long found = 0;
        sql << "SELECT COUNT(*) FROM notes WHERE text = :t", soci::into(found), soci::use(stored, "t");
        BOOST_TEST(found == 1, text);
    }
}

BOOST_AUTO_TEST_CASE(values_of_every_type_are_bound_as_what_they_are)
{
    const auto keep = R"yaml(
  keep:
    idempotent: true
    statements:
      - {sql: "UPDATE applications SET anything = :value WHERE id = 1", parameters: {value: !jq .argument}}
)yaml";
    live_connector connector(mapping(keep));
    BOOST_TEST((connector.hr_system->repeats("keep") == sync::repeatability::idempotent));
    const auto type_of = [&](json::value value) {
        const auto done = connector.write("keep", std::move(value));
        BOOST_REQUIRE_MESSAGE(done, done.error().detail);
        std::string type;
        sql << "SELECT typeof(anything) FROM applications", soci::into(type);
        return type;
    };
    BOOST_TEST(type_of(7) == "integer");
    BOOST_TEST(type_of(2.5) == "real");
    BOOST_TEST(type_of("seven") == "text");
    BOOST_TEST(type_of(nullptr) == "null");
    BOOST_TEST(type_of(true) == "integer");
    check_failure(connector.write("keep", json::array{1}), errc::refused, "a list or an object");
    check_failure(connector.write("keep", json::value(std::string("a\0b", 3))), errc::refused, "zero byte");
}

BOOST_AUTO_TEST_CASE(look_ups_are_seen_by_what_follows_and_a_missing_one_is_told)
{
    const auto move = R"yaml(
  move_stage:
    lookups:
      current: {query: "SELECT stage FROM applications WHERE id = :id", parameters: {id: !jq .application.id}, missing: the application is gone}
    already: {when: !jq .lookup.current.stage == .argument}
    statements:
      - {sql: "UPDATE applications SET stage = :new WHERE id = :id AND stage = :old", expect_rows: 1, parameters: {new: !jq .argument, id: !jq .application.id, old: !jq .lookup.current.stage}}
)yaml";
    live_connector connector(mapping(move));
    BOOST_TEST((connector.write("move_stage", "Interview", about(1)).value() == sync::write_outcome::done));
    BOOST_TEST((connector.write("move_stage", "Interview", about(1)).value() == sync::write_outcome::already_done));
    check_failure(connector.write("move_stage", "Interview", about(9)), errc::not_found, "the application is gone");
}

BOOST_AUTO_TEST_CASE(a_constraint_refuses_and_the_failure_tells_where_and_no_data)
{
    live_connector connector(mapping(R"yaml(
  note:
    statements:
      - {sql: "INSERT INTO notes (application, text) VALUES (1, :text)", parameters: {text: !jq .argument}}
)yaml"));
    BOOST_TEST((connector.hr_system->repeats("note") == sync::repeatability::uncertain));
    BOOST_TEST(connector.write("note", "secret of Ada").has_value());
    const auto refused = connector.write("note", "secret of Ada");
    check_failure(refused, errc::refused, "UNIQUE constraint failed: notes.text");
    BOOST_TEST(refused.error().detail.find("m.yaml:") != std::string::npos);
    BOOST_TEST(refused.error().detail.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_database_that_hangs_delays_no_other)
{
    auto text = mapping();
    text.replace(text.find("lock_timeout: 1s, timeout: 5s"), 29, "lock_timeout: 60s, timeout: 60s");
    sql << "BEGIN EXCLUSIVE";
    live_connector hanging(text);
    bool has_ended = false;
    boost::asio::co_spawn(hanging.world.context(), hanging.hr_system->poll({}),
                          [&](std::exception_ptr, const auto&) { has_ended = true; });

    const hr_database other("another");
    described made(other.mapping());
    BOOST_REQUIRE(made.what);
    const auto prompt = create_connector(std::move(*made.what), hanging.world);
    const auto read = hanging.world.run(prompt->poll({}));
    BOOST_REQUIRE_MESSAGE(read, read.error().detail);
    BOOST_TEST(read->applications.size() == 1U);
    BOOST_TEST(!has_ended);

    sql << "COMMIT";
    while (!has_ended && hanging.world.context().run_one() > 0) {
    }
    BOOST_TEST(has_ended);
}

BOOST_AUTO_TEST_CASE(a_locked_database_is_asked_again_later)
{
    live_connector connector(mapping(note));
    sql << "BEGIN IMMEDIATE";
    check_failure(connector.write("note", "invited", about(1)), errc::not_sent, "database is locked");
    sql << "ROLLBACK";
    BOOST_TEST(connector.write("note", "invited", about(1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_not_made)
{
    sql.close();
    std::filesystem::remove(path);
    check_failure(live_connector(mapping()).poll(), errc::not_sent, "there is no such file");
    BOOST_TEST(!std::filesystem::exists(path));
}

BOOST_AUTO_TEST_CASE(a_wrong_statement_is_told_by_the_check_before_anybody_needs_it)
{
    live_connector connector(mapping(note + R"yaml(
  tag:
    idempotent: true
    statements: [{sql: "INSERT INTO tags VALUES (:tag)", parameters: {tag: !jq .argument}}]
)yaml"));
    const auto findings = connector.world.run(connector.hr_system->check());
    BOOST_REQUIRE_MESSAGE(findings, findings.error().detail);
    BOOST_REQUIRE(findings->size() == 1U);
    BOOST_TEST(findings->front().find("no such table: tags") != std::string::npos, findings->front());
    BOOST_TEST(findings->front().find("m.yaml:") != std::string::npos, findings->front());
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 0);
}

BOOST_AUTO_TEST_CASE(names_that_the_database_does_not_know_are_told_by_the_check)
{
    live_connector connector(mapping(R"yaml(
  move_stage:
    known: {query: "SELECT DISTINCT stage FROM applications"}
    idempotent: true
    statements: [{sql: "UPDATE applications SET stage = :s", parameters: {s: !jq .argument}}]
write_back: {completed: [{move_stage: newl}, {move_stage: new}]}
)yaml"));
    const auto findings = connector.world.run(connector.hr_system->check());
    BOOST_REQUIRE_MESSAGE(findings, findings.error().detail);
    BOOST_REQUIRE(findings->size() == 1U);
    BOOST_TEST(findings->front().find("the database has no move_stage for \"newl\"; did you mean \"new\"?") !=
                   std::string::npos,
               findings->front());
}

BOOST_AUTO_TEST_CASE(a_query_that_takes_too_long_is_interrupted)
{
    const auto endless = R"yaml(
list: {query: "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) AS id FROM n"}
application: {id: !jq .id}
)yaml";
    auto text = mapping("", endless);
    text.replace(text.find("timeout: 5s"), 11, "timeout: 2s");
    live_connector connector(text);
    check_failure(connector.poll(), errc::not_sent, "no answer within 2 s");
    // The worker is free again.
    BOOST_TEST(live_connector(mapping()).poll().has_value());
}

BOOST_AUTO_TEST_CASE(two_at_once_wait_for_each_other)
{
    live_connector connector(mapping(note));
    int done = 0;
    for (int i = 0; i < 4; ++i) {
        auto document = about(1);
        document["marker"] = "td-" + std::to_string(i);
        boost::asio::co_spawn(connector.world.context(),
                              connector.hr_system->write({"note", "n", std::move(document), false}),
                              [&](std::exception_ptr, const sync::result<sync::write_outcome>& outcome) {
                                  done += outcome.has_value() ? 1 : 0;
                              });
    }
    BOOST_TEST(connector.poll().has_value());
    while (done < 4 && connector.world.context().run_one() > 0) {
    }
    BOOST_TEST(done == 4);
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 4);
}

BOOST_AUTO_TEST_CASE(a_canceled_poll_is_not_sent_and_a_canceled_action_leaves_nothing)
{
    sql << "BEGIN IMMEDIATE"; // so that the action has to wait
    live_connector connector(mapping(note));
    boost::asio::cancellation_signal stop;
    std::optional<sync::result<sync::write_outcome>> outcome;
    boost::asio::co_spawn(connector.world.context(), connector.hr_system->write({"note", "n", about(1), false}),
                          boost::asio::bind_cancellation_slot(
                              stop.slot(), [&](std::exception_ptr, sync::result<sync::write_outcome> said) {
                                  outcome = std::move(said);
                              }));
    connector.world.context().poll();
    stop.emit(boost::asio::cancellation_type::terminal);
    connector.world.context().restart();
    while (!outcome && connector.world.context().run_one() > 0) {
    }
    BOOST_REQUIRE(outcome);
    check_failure(*outcome, errc::not_sent, "stopped");
    sql << "ROLLBACK";
    BOOST_TEST(number("SELECT COUNT(*) FROM notes") == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sql
