#include "sync/division.hpp"
#include "sync/parts.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

// The rules by which machines divide the work, on plain values.

namespace testdome_sync::sync {
namespace {

const std::vector<bundle> four{{"testdome"}, {"mapping/a"}, {"mapping/b"}, {"mapping/c", "mapping/d"}};

struct divided {
    explicit divided(int machines)
    {
        for (int number = 1; number <= machines; ++number)
            add(number, {"mapping/a", "mapping/b", "mapping/c", "mapping/d", "testdome"});
        for (const auto& name : machine(1).can_do)
            division.parts.push_back({name, 0, {}, {}, 0, 0});
    }

    void add(std::int64_t number, std::vector<std::string> can_do)
    {
        division.machines.push_back({number, "machine " + std::to_string(number), {}, true, false, std::move(can_do)});
    }
    ledger_machine& machine(std::int64_t number)
    {
        return *std::ranges::find(division.machines, number, &ledger_machine::number);
    }
    std::int64_t owner(const std::string& part) const
    {
        return std::ranges::find(division.parts, part, &ledger_part::name)->machine;
    }
    /// Gives what there is to give until nobody wants to give anything more; how often that was.
    int settle(int limit = 50)
    {
        for (int given = 0; given < limit; ++given) {
            bool was_given = false;
            for (const auto& one : division.machines)
                if (const auto what = find_bundle_to_give(division, one.number, four); what && !was_given) {
                    assign(division, *what, *heir_of(*what, division, one.number, four));
                    was_given = true;
                }
            if (!was_given)
                return given;
        }
        return limit;
    }
    std::map<std::int64_t, int> load() const
    {
        std::map<std::int64_t, int> all;
        for (const auto& one : four)
            ++all[owner(one.front())];
        return all;
    }

    ledger_division division;
};

} // namespace

BOOST_AUTO_TEST_SUITE(division_of_work)

BOOST_AUTO_TEST_CASE(who_looks_first_takes_what_nobody_does)
{
    divided all(2);
    take_free(all.division, 2, four);
    take_free(all.division, 1, four);
    BOOST_TEST(all.load()[2] == 4);
    BOOST_TEST(all.division.parts.front().machine_name == "machine 2");
}

BOOST_AUTO_TEST_CASE(who_is_alone_gives_nothing)
{
    divided all(1);
    take_free(all.division, 1, four);
    BOOST_TEST(all.settle() == 0);
}

BOOST_AUTO_TEST_CASE(work_is_spread_with_as_few_moves_as_it_takes_and_then_stays)
{
    divided all(2);
    take_free(all.division, 1, four);
    BOOST_TEST(all.settle() == 2);
    BOOST_TEST(all.load()[1] == 2);
    BOOST_TEST(all.load()[2] == 2);
    all.add(3, all.machine(1).can_do);
    BOOST_TEST(all.settle() == 1);
    all.add(4, all.machine(1).can_do);
    BOOST_TEST(all.settle() == 1);
    all.add(5, all.machine(1).can_do);
    BOOST_TEST(all.settle() == 0); // stands by
}

BOOST_AUTO_TEST_CASE(mappings_go_before_testdome_does)
{
    divided all(2);
    take_free(all.division, 1, four);
    all.settle();
    BOOST_TEST(all.owner("testdome") == 1);
}

BOOST_AUTO_TEST_CASE(mappings_with_one_credential_stay_together)
{
    for (int machines = 1; machines < 7; ++machines) {
        divided all(machines);
        take_free(all.division, machines, four);
        all.settle();
        BOOST_TEST(all.owner("mapping/c") == all.owner("mapping/d"));
    }
}

BOOST_AUTO_TEST_CASE(nobody_is_given_what_its_configuration_does_not_have)
{
    divided all(1);
    all.add(2, {"mapping/b"});
    all.add(3, {"mapping/c"}); // not the whole bundle
    take_free(all.division, 1, four);
    BOOST_TEST(all.settle() == 1);
    BOOST_TEST(all.owner("mapping/b") == 2);
    BOOST_TEST(all.owner("mapping/c") == 1);
}

BOOST_AUTO_TEST_CASE(nobody_is_given_anything_who_is_not_heard_of)
{
    divided all(2);
    all.machine(2).is_present = false;
    take_free(all.division, 1, four);
    BOOST_TEST(all.settle() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(parts_of_this_process)

BOOST_AUTO_TEST_CASE(a_part_is_idle_when_its_last_turn_has_ended)
{
    own_parts own;
    BOOST_TEST(!own.begin("testdome"));
    own.take("testdome");
    {
        const auto turn = own.begin("testdome");
        BOOST_TEST(static_cast<bool>(turn));
        own.let_go("testdome");
        BOOST_TEST(!own.begin("testdome"));
        BOOST_TEST(!own.is_idle("testdome"));
        BOOST_TEST(own.is_ours("testdome"));
    }
    BOOST_TEST(own.is_idle("testdome"));
    own.keep("testdome");
    BOOST_TEST(static_cast<bool>(own.begin("testdome")));
}

BOOST_AUTO_TEST_CASE(each_time_that_a_part_becomes_ours_is_another_tenure)
{
    own_parts own;
    own.take("testdome");
    const int first = own.tenure("testdome");
    own.take("testdome");
    BOOST_TEST(own.tenure("testdome") == first);
    own.give("testdome");
    own.take("testdome");
    BOOST_TEST(own.tenure("testdome") != first);
}

BOOST_AUTO_TEST_CASE(a_call_for_another_machine_wakes_whoever_carries_it_once)
{
    own_parts own;
    int woken = 0;
    own.when_called = [&] { ++woken; };
    own.call("testdome", part_call::act);
    own.call("testdome", part_call::act);
    own.call("mapping/a", part_call::poll);
    BOOST_TEST(woken == 2);
    BOOST_TEST(own.called().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_mapping_may_be_called_testdome)
{
    BOOST_TEST(part_of("testdome") != testdome_part);
    BOOST_TEST(shown_part(part_of("testdome")) == "mapping testdome");
    BOOST_TEST(shown_part(testdome_part) == "TestDome");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
