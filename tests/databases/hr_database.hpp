#pragma once

#include "tests/databases/server.hpp"
#include "tests/unit/sql/described.hpp"

#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <string>

namespace soci {
class session;
}

namespace testdome_sync::testing {

inline bool is_postgresql()
{
    return server().kind() == database_server::product::postgresql;
}

/// For tests of one product only.
struct only_for {
    database_server::product product;
    boost::test_tools::assertion_result operator()(boost::unit_test::test_unit_id) const
    {
        return server().kind() == product;
    }
};

/// A small HR database `hr`, new for each test, and the user `testdome_sync`, who may do what a mapping needs.
struct hr_database {
    hr_database();
    ~hr_database();

    long long number(const std::string& query);
    std::string text(const std::string& query);

    /// How many connections `testdome_sync` has, or how many of anybody's wait for a lock.
    long long connections(bool waiting);
    /// Returns once they are gone.
    void kill_connections();

    /// The mapping file, with these actions and these further keys of `database:`.
    static std::string mapping(const std::string& actions = "", const std::string& more = ", lock_timeout: 5s",
                               unsigned short port = 0);

    std::unique_ptr<soci::session> hr; ///< the administrator's

private:
    void make_postgresql();
    void make_mariadb();
};

/// A note that is looked for first, on a row that is locked meanwhile.
inline const std::string note = R"yaml(
  note:
    lookups:
      application: {query: "SELECT stage FROM applications WHERE id = :id FOR UPDATE", parameters: {id: !jq .application.id}, missing: the application is gone}
    already: {query: "SELECT COUNT(*) FROM notes WHERE text LIKE :marker", parameters: {marker: "%{{ .marker }}%"}}
    statements:
      - {sql: "INSERT INTO notes (application, text) VALUES (:id, :text)", parameters: {id: !jq .application.id, text: "{{ .argument }} [{{ .marker }}]"}}
      - {sql: "UPDATE applications SET stage = 'noted' WHERE id = :id", parameters: {id: !jq .application.id}, expect_rows: 1}
)yaml";

inline boost::json::object about(long long id, const std::string& marker = "td-0123456789ab")
{
    return {{"application", {{"id", id}}}, {"marker", marker}};
}

template <class T>
void check_failure(const sync::result<T>& outcome, sync::errc code, const std::string& words)
{
    BOOST_REQUIRE(!outcome);
    BOOST_TEST((outcome.error().code == code), outcome.error().code.message() << ": " << outcome.error().detail);
    BOOST_TEST(outcome.error().detail.find(words) != std::string::npos, outcome.error().detail);
    BOOST_TEST(outcome.error().detail.find("secret") == std::string::npos, outcome.error().detail);
}

/// A write that goes on while the test does other things.
struct write_under_way {
    write_under_way(sql::live_connector& of, const std::string& action, boost::json::object document) : connector(of)
    {
        boost::asio::co_spawn(of.world.context(), of.hr_system->write({action, "n", std::move(document), false}),
                              [this](std::exception_ptr error, sync::result<sync::write_outcome> said) {
                                  if (!error)
                                      outcome = std::move(said);
                                  ended = true;
                              });
        of.world.context().restart();
    }
    /// Runs the loop until the condition holds.
    template <class Condition>
    void until(Condition holds)
    {
        while (!ended && !holds())
            connector.world.context().run_one_for(std::chrono::milliseconds{5});
    }
    sync::result<sync::write_outcome> end()
    {
        until([] { return false; });
        return outcome.value();
    }

    sql::live_connector& connector;
    std::optional<sync::result<sync::write_outcome>> outcome;
    bool ended = false;
};

} // namespace testdome_sync::testing
