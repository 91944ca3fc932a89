#include "sync/division.hpp"
#include "sync/shared_ledger.hpp"
#include "tests/ledger/ledger_place.hpp"
#include "tests/ledger/postgresql_server.hpp"
#include "tests/support/small_ledger.hpp"

#include <atomic>
#include <thread>

#include <soci/soci.h>

// Machines that share a ledger in PostgreSQL: who is one of them, who does what, and who may commit.

namespace testdome_sync::sync {
namespace {

struct sharing_place : testing::ledger_place {
    std::unique_ptr<ledger> share() const { return open(ledger_access::share); }

    void let_lease_end_of(ledger& store) const
    {
        execute("UPDATE machines SET until_milliseconds = 0 WHERE number = " +
                std::to_string(store.shared()->number()));
    }
    static void commit_something(ledger& store)
    {
        unit_of_work unit(store);
        store.save_fact("colour", store.shared()->number());
        unit.commit();
    }
    /// As a machine does whose configuration has just this part.
    static void take(ledger& store, const std::string& part = "testdome")
    {
        BOOST_REQUIRE(store.shared()->divide([&](ledger_division& division) {
            if (std::ranges::count(division.parts, part, &ledger_part::name) == 0)
                division.parts.push_back({part, 0, {}, {}, 0, 0});
            take_free(division, store.shared()->number(), {{part}});
        }));
    }
    static ledger_part part_of(ledger& store, const std::string& name = "testdome")
    {
        for (const auto& part : store.shared()->division().parts)
            if (part.name == name)
                return part;
        return {};
    }
    static bool is_lost(const std::function<void()>& work)
    {
        try {
            work();
            return false;
        } catch (const ledger_lost&) {
            return true;
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sharing, *boost::unit_test::precondition(testing::only_postgresql{}))

BOOST_FIXTURE_TEST_CASE(machines_that_share_a_ledger_all_commit, sharing_place)
{
    const auto one = share(), other = share();
    BOOST_TEST(one->shared()->number() < other->shared()->number());
    commit_something(*one);
    commit_something(*other);
    BOOST_TEST((one->find_fact("colour") == other->shared()->number()));
    BOOST_TEST(one->shared()->division().machines.size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(who_does_not_share_is_there_alone, sharing_place)
{
    {
        const auto one = share();
        BOOST_CHECK_THROW(open(), ledger_held);
    }
    const auto alone = open();
    BOOST_CHECK_THROW(share(), ledger_held);
    BOOST_CHECK_THROW(open(), ledger_held);
    let_lease_end();
    share();
}

BOOST_FIXTURE_TEST_CASE(a_part_is_taken_by_one_and_refused_to_others, sharing_place)
{
    const auto one = share(), other = share();
    take(*one);
    take(*other);
    BOOST_TEST(part_of(*other).machine == one->shared()->number());
    BOOST_TEST(part_of(*other).machine_name == one->shared()->division().machines.front().name);
    BOOST_TEST((part_of(*other).since > wall_time{}));
}

BOOST_FIXTURE_TEST_CASE(a_part_is_given_to_another_machine, sharing_place)
{
    const auto one = share(), other = share();
    take(*one);
    BOOST_REQUIRE(one->shared()->divide(
        [&](ledger_division& division) { assign(division, {"testdome"}, other->shared()->number()); }));
    BOOST_TEST(part_of(*other).machine == other->shared()->number());
    commit_something(*one); // it still shares the ledger
}

BOOST_FIXTURE_TEST_CASE(who_ends_leaves_its_parts_to_others_at_once, sharing_place)
{
    const auto other = share();
    {
        const auto one = share();
        take(*one);
    }
    BOOST_TEST(part_of(*other).machine == 0);
    BOOST_TEST(!part_of(*other).machine_name.empty()); // for people: who did it last
    take(*other);
    BOOST_TEST(part_of(*other).machine == other->shared()->number());
}

BOOST_FIXTURE_TEST_CASE(who_was_silent_is_struck_off_and_commits_nothing_more, sharing_place)
{
    const auto one = share(), other = share();
    take(*one);
    let_lease_end_of(*one);
    take(*other);
    BOOST_TEST(part_of(*other).machine == other->shared()->number());

    BOOST_TEST(is_lost([&] { const unit_of_work unit(*one); }));
    BOOST_TEST(is_lost([&] { one->shared()->renew(); }));
    BOOST_TEST(is_lost([&] { take(*one); }));
    BOOST_TEST(is_lost([&] { one->require_ownership(); }));
    commit_something(*other);
    other->require_ownership();
}

BOOST_FIXTURE_TEST_CASE(who_was_silent_while_nobody_looked_goes_on, sharing_place)
{
    const auto one = share();
    take(*one);
    let_lease_end_of(*one);
    commit_something(*one);
    const auto other = share();
    take(*other);
    BOOST_TEST(part_of(*other).machine == one->shared()->number());
}

BOOST_FIXTURE_TEST_CASE(nobody_is_struck_off_while_its_unit_of_work_is_under_way, sharing_place)
{
    const auto one = share(), other = share();
    take(*one);
    let_lease_end_of(*one);
    auto planned_one = planned("1");
    unit_of_work unit(*one);
    one->save(planned_one, "rule");
    BOOST_TEST(!other->shared()->divide([](ledger_division&) {})); // later
    unit.commit();
    take(*other);
    BOOST_TEST(part_of(*other).machine == one->shared()->number()); // the unit has prolonged the lease
    BOOST_TEST(other->assessments({}).size() == 1U);
}

BOOST_FIXTURE_TEST_CASE(who_waits_for_a_long_unit_of_work_keeps_its_lease, sharing_place)
{
    const auto store = share();
    const auto until = [&] {
        long long found = 0;
        const auto sql = testing::postgresql_server()->administrator();
        *sql << "SET search_path = " + name();
        *sql << "SELECT until_milliseconds FROM machines", soci::into(found);
        return found;
    };
    const auto before = until();
    const auto busy = testing::postgresql_server()->administrator();
    *busy << "SET search_path = " + name();
    *busy << "BEGIN";
    *busy << "SELECT number FROM leases FOR UPDATE";
    std::jthread ends_when_the_lease_was_renewed([&] {
        for (int i = 0; i < 1000 && until() == before; ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        *busy << "COMMIT";
    });

    const unit_of_work unit(*store);
    BOOST_TEST(until() > before);
}

BOOST_FIXTURE_TEST_CASE(what_another_machine_has_changed_since_it_was_read_is_not_overwritten, sharing_place)
{
    const auto one = share(), other = share();
    auto made = planned("1");
    {
        unit_of_work unit(*one);
        one->save(made, "rule");
        unit.commit();
    }
    auto read_before = other->find_assessment(made.id).value();
    {
        unit_of_work unit(*one);
        made.state = assessment_state::held;
        one->save(made, "a person");
        unit.commit();
    }
    {
        unit_of_work unit(*other);
        read_before.state = assessment_state::inviting;
        BOOST_CHECK_THROW(other->save(read_before, "sending"), ledger_conflict);
    }
    BOOST_TEST((other->find_assessment(made.id).value().state == assessment_state::held));
    BOOST_TEST(other->transitions(made.id).size() == 2U);
}

BOOST_FIXTURE_TEST_CASE(a_ledger_that_one_machine_held_alone_is_brought_up_to_date_and_its_holder_commits_nothing_more,
                        sharing_place)
{
    open();
    execute("DROP TABLE machines");
    execute("DROP TABLE parts");
    execute("DROP TABLE counts");
    execute("DROP INDEX write_backs_stuck");
    execute("DROP INDEX write_backs_skipped");
    execute("DROP INDEX assessments_to_erase");
    execute("DROP INDEX applications_to_erase");
    execute(
        "ALTER TABLE leases ADD COLUMN holder TEXT NOT NULL DEFAULT 'old', ADD COLUMN since BIGINT NOT NULL DEFAULT "
        "0, ADD COLUMN until_milliseconds BIGINT NOT NULL DEFAULT 0");
    execute("UPDATE leases SET number = 41");
    execute("UPDATE schema_version SET version = 1");
    const auto store = share();
    BOOST_TEST(store->shared()->number() > 42); // whoever had 41 has it no more
    take(*store);
    commit_something(*store);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
