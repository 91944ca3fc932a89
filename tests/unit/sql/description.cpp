#include "tests/unit/sql/described.hpp"

#include <boost/test/unit_test.hpp>

namespace testdome_sync::sql {
namespace {

const std::string database = "database: {type: sqlite, file: /var/lib/hr.db}\n";
const std::string rest_of_it = R"yaml(
list: {query: "SELECT id, email FROM applications WHERE updated_at >= :since"}
application: {id: !jq .id, applicant: {email: !jq .email}}
)yaml";

/// The only problem, without the file's name.
std::string problem_of(const std::string& text)
{
    const described made(text);
    BOOST_TEST(made.found.list().size() == 1U, made.found.text());
    return made.found.empty() ? "" : made.found.list().front().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(descriptions)

BOOST_AUTO_TEST_CASE(the_least_is_a_database_a_query_and_what_an_application_is)
{
    const described made(database + rest_of_it);
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->database.file == "/var/lib/hr.db");
    BOOST_TEST(shown(made.what->database) == "SQLite /var/lib/hr.db");
    BOOST_TEST(made.what->database.timeout.count() == 30);
}

BOOST_AUTO_TEST_CASE(each_kind_of_database_has_keys_of_its_own)
{
    BOOST_TEST(problem_of("database: {type: sqlite, file: a.db, host: localhost}" + rest_of_it)
                   .starts_with("unknown key \"host\" in \"database\""));
    BOOST_TEST(problem_of("database: {type: postgresql, name: hr}" + rest_of_it) ==
               "\"database\" needs either \"host\" or \"socket\"");
    BOOST_TEST(problem_of("database: {type: mariadb, host: h, name: hr, tls: {mode: require}}" + rest_of_it) ==
               "MariaDB's TLS needs \"ca_file\" (the authority that has signed the server's certificate), or \"mode: "
               "verify\"");
    BOOST_TEST(problem_of("database: {type: mariadb, host: \"h;ssl-enforce=0\", name: hr}" + rest_of_it) ==
               "\"host\" is a name or an address");
    BOOST_TEST(problem_of("database: {type: postgres, file: a.db}" + rest_of_it).find("postgresql") !=
               std::string::npos);
    BOOST_TEST(problem_of("database: {type: sqlite, file: a.db, password: x}" + rest_of_it) ==
               "\"password\" belongs into \"credentials\"");
}

BOOST_AUTO_TEST_CASE(each_name_in_a_statement_has_a_value_and_each_value_a_name)
{
    BOOST_TEST(problem_of(database + R"yaml(
list: {query: "SELECT id FROM a WHERE site = :site AND t > :since"}
application: {id: !jq .id}
)yaml") == "the statement's :site needs a value; write parameters: {site: …}");
    BOOST_TEST(problem_of(database + R"yaml(
list: {query: "SELECT id FROM a WHERE t > :since", parameters: {sincce: 1}}
application: {id: !jq .id}
)yaml") == "the statement has no parameter :sincce; did you mean \"since\"?");
}

BOOST_AUTO_TEST_CASE(a_query_that_changes_something_and_an_unknown_zone_are_told)
{
    BOOST_TEST(problem_of(database + "list: {query: DELETE FROM a}\napplication: {id: !jq .id}\n") ==
               "a query only reads: it begins with SELECT or WITH, and changes nothing");
    BOOST_TEST(
        problem_of("time_zone: Europe/Zagrep\n" + database + rest_of_it) ==
        "there is no time zone \"Europe/Zagrep\" (names are those of the IANA database, such as Europe/Zagreb; or "
        "write an offset, +01:00)");
}

BOOST_AUTO_TEST_CASE(actions_are_read_and_write_back_can_only_use_those)
{
    const auto text = database + rest_of_it + R"yaml(
actions:
  note:
    already: {query: "SELECT 1 FROM notes WHERE text LIKE '%' || :marker || '%'", parameters: {marker: !jq .marker}}
    statements:
      - {sql: "INSERT INTO notes (application, text) VALUES (:id, :text)", parameters: {id: !jq .application.id, text: "{{ .argument }}"}, expect_rows: 1}
)yaml";
    const described made(text + "write_back: {completed: [{note: well}]}\n");
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->actions.at("note").statements.size() == 1U);
    BOOST_TEST((made.what->actions.at("note").statements.front().expect_rows == 1));
    BOOST_TEST(problem_of(text + "write_back: {completed: [{not: well}]}\n") ==
               "\"sql\" has no action \"not\"; did you mean \"note\"? (it has: note)");
    BOOST_TEST(problem_of(text + "lacks: {tag: there is no table for it}\nwrite_back: {completed: [{tag: t}]}\n") ==
               "\"sql\" can't do \"tag\": there is no table for it (it has: note)");
}

BOOST_AUTO_TEST_CASE(the_password_goes_to_the_database_and_nowhere_else)
{
    const described made("database: {type: mariadb, host: db.example.com, name: hr}\ncredentials: {user: u, password: "
                         "hunter2, user_id: 7}\n" +
                         rest_of_it);
    BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
    BOOST_TEST(made.what->database.password.reveal() == "hunter2");
    BOOST_TEST(!made.what->credentials.contains("password"));
    BOOST_TEST(made.what->credentials.at("user_id") == "7");
    BOOST_TEST(shown(made.what->database) == "MariaDB db.example.com/hr");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sql
