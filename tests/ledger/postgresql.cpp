#include "sync/postgresql/session.hpp"
#include "sync/shared_ledger.hpp"
#include "tests/ledger/ledger_place.hpp"
#include "tests/ledger/postgresql_server.hpp"
#include "tests/support/small_ledger.hpp"

#include <soci/soci.h>

namespace testdome_sync::sync {
namespace {

struct shared_place : testing::ledger_place {
    bool tells(const std::string& complaint, const std::string& words) const
    {
        BOOST_TEST_INFO(complaint);
        return complaint.starts_with("ledger PostgreSQL 127.0.0.1:") && complaint.find(words) != std::string::npos &&
               complaint.find(testing::ledger_password) == std::string::npos &&
               complaint.find('\n') == std::string::npos;
    }
    std::string complaint_of_opening(const config::ledger_settings& other,
                                     ledger_access access = ledger_access::write) const
    {
        return complaint([&] { open_ledger(other, access); });
    }
    static bool is_present(ledger& store)
    {
        const auto machines = store.shared()->division().machines;
        return machines.size() == 1 && machines.front().is_present;
    }
    void administer(const std::string& statement) const { *testing::postgresql_server()->administrator() << statement; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(postgresql, *boost::unit_test::precondition(testing::only_postgresql{}))

BOOST_FIXTURE_TEST_CASE(a_second_daemon_learns_who_holds_the_ledger, shared_place)
{
    const auto first = open();
    BOOST_CHECK_THROW(open(), ledger_held);
    const auto told = complaint([&] { open(); });
    BOOST_TEST(told.find("(process " + std::to_string(::getpid()) + ") works with ledger PostgreSQL") !=
                   std::string::npos,
               told);
    BOOST_TEST(is_present(*first));
}

BOOST_FIXTURE_TEST_CASE(who_ends_gives_the_ledger_back_at_once, shared_place)
{
    open();
    BOOST_TEST(open(ledger_access::read)->shared()->division().machines.empty());
    open();
}

BOOST_FIXTURE_TEST_CASE(each_unit_of_work_prolongs_the_lease, shared_place)
{
    const auto store = open();
    let_lease_end();
    BOOST_TEST(!is_present(*store));
    unit_of_work unit(*store);
    unit.commit();
    BOOST_TEST(is_present(*store));
    let_lease_end();
    store->shared()->renew();
    BOOST_TEST(is_present(*store));
}

BOOST_FIXTURE_TEST_CASE(nobody_takes_over_while_a_unit_of_work_is_under_way, shared_place)
{
    const auto first = open();
    let_lease_end();
    auto one = planned("1");
    unit_of_work unit(*first);
    first->save(one, "rule");
    BOOST_CHECK_THROW(open(), ledger_held);
    unit.commit();
    BOOST_CHECK_THROW(open(), ledger_held); // the unit has prolonged the lease
    BOOST_TEST(first->assessments({}).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(who_has_lost_the_lease_can_neither_renew_it_nor_commit, shared_place)
{
    const auto first = open();
    let_lease_end();
    const auto second = open();
    BOOST_TEST(tells(complaint([&] { first->shared()->renew(); }), "was taken over from this process"));
    BOOST_TEST(tells(complaint([&] { const unit_of_work unit(*first); }), "it sends nothing more"));
    second->shared()->renew();
}

BOOST_FIXTURE_TEST_CASE(who_wakes_up_in_the_middle_of_a_unit_of_work_commits_nothing, shared_place)
{
    const auto first = open();
    auto one = planned("1");
    unit_of_work unit(*first);
    first->save(one, "rule");
    // As the server does it with a unit of work that stands still.
    administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'testdome-sync' AND "
               "state = 'idle in transaction'");
    let_lease_end();
    const auto second = open();
    BOOST_TEST(complaint([&] { unit.commit(); }) != "no complaint");
    BOOST_TEST(second->assessments({}).empty());
}

BOOST_FIXTURE_TEST_CASE(tables_that_were_put_back_are_noticed, shared_place)
{
    BOOST_TEST(!open()->shared()->is_restored());
    // What pg_restore does to a table, which gets another number.
    execute("CREATE TABLE facts_of_dump AS SELECT * FROM facts");
    execute("DROP TABLE facts");
    execute("ALTER TABLE facts_of_dump RENAME TO facts");
    execute("ALTER TABLE facts ADD PRIMARY KEY (name)");
    execute("ALTER TABLE facts OWNER TO testdome_sync");
    {
        const auto store = open();
        BOOST_TEST(store->shared()->is_restored());
    }
    const auto store = open();
    BOOST_TEST(store->shared()->is_restored()); // until somebody has seen to it
    unit_of_work unit(*store);
    store->shared()->accept_restoration();
    unit.commit();
    BOOST_TEST(!store->shared()->is_restored());
}

BOOST_FIXTURE_TEST_CASE(a_ledger_of_a_newer_program_is_refused, shared_place)
{
    open();
    execute("UPDATE schema_version SET version = 99");
    BOOST_TEST(tells(complaint_of_opening(settings), "has schema 99"));
    BOOST_TEST(tells(complaint_of_opening(settings, ledger_access::read), "install that one again"));
}

BOOST_FIXTURE_TEST_CASE(what_is_missing_is_told_with_what_to_do, shared_place)
{
    BOOST_TEST(tells(complaint_of_opening(settings, ledger_access::read), "holds no ledger yet"));
    auto other = settings;
    other.url.replace(other.url.find("/postgres?"), 10, "/nowhere?");
    BOOST_TEST(tells(complaint_of_opening(other), "createdb --owner"));
    other = settings;
    other.password = config::secret("wrong");
    BOOST_TEST(tells(complaint_of_opening(other), "password authentication failed"));
    other.has_stand_in = true;
    BOOST_TEST(tells(complaint_of_opening(other, ledger_access::read), "\"password: !file PATH\""));
    other = settings;
    other.url = "postgresql://testdome_sync@127.0.0.1:1/postgres";
    BOOST_TEST(tells(complaint_of_opening(other), "can't be reached"));
    BOOST_CHECK_THROW(open_ledger(other, ledger_access::write), ledger_unreachable);
}

BOOST_FIXTURE_TEST_CASE(a_server_that_does_not_prove_who_it_is_is_not_spoken_to, shared_place)
{
    auto other = settings;
    other.url.insert(other.url.find('?') + 1, "sslmode=verify-full&");
    BOOST_TEST(tells(complaint_of_opening(other), "SSL"));
}

BOOST_FIXTURE_TEST_CASE(what_is_committed_is_on_the_servers_disk_whatever_the_users_defaults_are, shared_place)
{
    administer("ALTER ROLE testdome_sync SET synchronous_commit = off");
    const auto sql = postgresql::connect(settings, ledger_access::write);
    administer("ALTER ROLE testdome_sync RESET synchronous_commit");
    BOOST_TEST((sql->run("SHOW synchronous_commit") == "on"));
}

BOOST_FIXTURE_TEST_CASE(a_server_that_does_not_write_to_its_disk_is_refused, shared_place)
{
    auto& server = *testing::postgresql_server();
    server.kill();
    server.start({"-c", "fsync=off"});
    const auto told = complaint_of_opening(settings);
    server.kill();
    server.start({"-c", "fsync=on"});
    BOOST_TEST(tells(told, "fsync is off"));
}

BOOST_FIXTURE_TEST_CASE(a_database_that_can_not_hold_every_name_is_refused, shared_place)
{
    administer("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    auto other = settings;
    other.url.replace(other.url.find("/postgres?"), 10, "/latin?");
    BOOST_TEST(tells(complaint_of_opening(other), "has the encoding LATIN1"));
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_was_lost_is_told_and_stores_nothing_more, shared_place)
{
    const auto store = open();
    administer("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'testdome-sync'");
    const auto told = complaint([&] { store->assessments({}); });
    BOOST_TEST(tells(told, "Nothing more is sent"));
    BOOST_CHECK_THROW(store->assessments({}), ledger_unreachable);
    BOOST_CHECK_THROW(const unit_of_work unit(*store), ledger_unreachable);
}

BOOST_FIXTURE_TEST_CASE(a_text_that_postgresql_can_not_hold_is_stored_all_the_same, shared_place)
{
    const auto store = open();
    const std::string odd("a\0b\xFF", 4);
    unit_of_work unit(*store);
    stored_application application;
    application.mapping = "engineering";
    application.id = odd;
    application.fingerprint = "1";
    store->save(application);
    auto one = planned(odd);
    store->save(one, "rule");
    unit.commit();
    BOOST_TEST(store->find_fingerprint("engineering", odd) == "1");
    const auto stored = store->assessments({.mapping = "engineering", .application_id = odd});
    BOOST_REQUIRE(stored.size() == 1U);
    BOOST_TEST(stored.front().application_id == "a\xEF\xBF\xBD"
                                                "b\xEF\xBF\xBD");
    BOOST_TEST((store->find_application("engineering", stored.front().application_id).has_value()));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
