#include "sync/outbox.hpp"

#include "tests/support/forwarding_ledger.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/virtual_time.hpp"
#include "tests/unit/sync/untouched_platform.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace testdome_sync::sync {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

/// Takes a second for each write, and sees who is written to at the same time.
struct slow_connector final : hr_connector {
    explicit slow_connector(sync::clock& with) : clock(with) {}

    awaitable<result<poll_answer>> poll(poll_request) override { co_return poll_answer{}; }
    awaitable<result<write_outcome>> write(write_order order) override
    {
        const auto person = std::string(order.document.at("applicant").at("id").as_string());
        most_at_once = std::max(most_at_once, ++under_way);
        most_for_one = std::max(most_for_one, ++people[person]);
        sent.push_back(person + ' ' + order.action);
        co_await clock.sleep_until(clock.now() + 1s);
        --under_way;
        --people[person];
        if (is_down)
            co_return failure{errc::not_sent, "the HR system is down"};
        co_return write_outcome::done;
    }
    repeatability repeats(const std::string&) const override { return kind; }
    std::size_t writes_at_once() const override { return 4; }
    awaitable<result<std::vector<std::string>>> check() override { co_return std::vector<std::string>{}; }

    sync::clock& clock;
    repeatability kind = repeatability::checkable;
    bool is_down = false;
    int under_way = 0;
    int most_at_once = 0;
    int most_for_one = 0;
    std::map<std::string, int> people;
    std::vector<std::string> sent;
};

struct counting_ledger final : testing::forwarding_ledger {
    using forwarding_ledger::forwarding_ledger;
    std::optional<stored_application> find_application(const std::string& mapping, const std::string& id) override
    {
        if (id == damaged)
            throw ledger_error("a row is not as it was stored");
        return forwarding_ledger::find_application(mapping, id);
    }
    void commit() override
    {
        ++commits;
        forwarding_ledger::commit();
    }
    int commits = 0;
    std::string damaged; ///< application
};

/// Of the outbox's world, only the ledger, the clock and the log are used.
struct many_write_backs {
    many_write_backs()
    {
        auto made = std::make_unique<slow_connector>(clock);
        connector = made.get();
        active_mapping mapping;
        mapping.settings.name = "engineering";
        mapping.connector = std::move(made);
        mappings.push_back(std::move(mapping));
    }

    /// A completed assessment of an application of this person, with these write-backs.
    void add(const std::string& application_id, const std::string& person, const std::vector<std::string>& actions)
    {
        stored_application application;
        application.mapping = "engineering";
        application.id = application_id;
        application.document = {{"application", {{"id", application_id}, {"status", "active"}}},
                                {"applicant", {{"id", person}}},
                                {"status", "active"}};
        assessment completed;
        completed.mapping = "engineering";
        completed.application_id = application_id;
        completed.test_id = 1001;
        completed.test_reference = "C++ Senior";
        completed.state = assessment_state::completed;
        unit_of_work unit(ledger);
        ledger.save(application);
        ledger.save(completed, "for the test");
        for (std::size_t i = 0; i < actions.size(); ++i) {
            write_back made;
            made.assessment_id = completed.id;
            made.mapping = "engineering";
            made.event = "completed";
            made.position = static_cast<int>(i);
            made.action = actions[i];
            made.next_attempt_at = clock.wall();
            ledger.add(made);
        }
        unit.commit();
        counted.commits = 0;
    }

    void add_people(int count)
    {
        for (int i = 1; i <= count; ++i)
            add(std::to_string(i), "person-" + std::to_string(i), {"note"});
    }

    result<void> deliver() { return testing::run(clock, sent.deliver(mappings.front())); }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    config::settings settings;
    std::unique_ptr<sync::ledger> real = open_sqlite_ledger("/nowhere/ledger.db", ledger_access::copy);
    counting_ledger counted{std::move(real)};
    sync::ledger& ledger = counted;
    std::vector<active_mapping> mappings;
    untouched_platform platform;
    environment world{settings, mappings, ledger, platform, clock, random, events};
    bookkeeper books{world};
    outbox sent{world, books};
    slow_connector* connector = nullptr;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(write_backs_at_once, many_write_backs)

BOOST_AUTO_TEST_CASE(
    as_many_are_under_way_as_the_connector_allows_and_one_commit_stores_their_outcome_and_marks_the_next)
{
    add_people(15);
    BOOST_TEST(deliver().has_value());

    BOOST_TEST(connector->sent.size() == 15U);
    BOOST_TEST(connector->most_at_once == 4);
    BOOST_TEST(events.count("writeback.done") == 15);
    BOOST_TEST(counted.commits == 1 + 5); // before and after rounds of 1, 2, 4, 4 and 4
}

BOOST_AUTO_TEST_CASE(nothing_is_marked_for_what_does_no_harm_twice)
{
    connector->kind = repeatability::idempotent;
    add_people(15);
    BOOST_TEST(deliver().has_value());
    BOOST_TEST(counted.commits == 5);
}

BOOST_AUTO_TEST_CASE(two_changes_of_one_person_are_never_under_way_at_once)
{
    add_people(3); // so that several are sent at once from here on
    for (int i = 10; i < 16; ++i)
        add(std::to_string(i), "ada", {"note", "field", "move_stage"});
    BOOST_TEST(deliver().has_value());

    BOOST_TEST(connector->sent.size() == 3U + 18U);
    BOOST_TEST(connector->most_for_one == 1);
    BOOST_TEST(events.count("writeback.done") == 21);
}

BOOST_AUTO_TEST_CASE(what_nobody_can_look_up_is_sent_alone)
{
    connector->kind = repeatability::uncertain;
    add_people(8);
    BOOST_TEST(deliver().has_value());
    BOOST_TEST(connector->sent.size() == 8U);
    BOOST_TEST(connector->most_at_once == 1);
}

BOOST_AUTO_TEST_CASE(what_nobody_can_look_up_is_stored_whatever_is_wrong_with_the_next_one)
{
    connector->kind = repeatability::uncertain;
    add_people(2);
    counted.damaged = "2";
    BOOST_CHECK_THROW(deliver(), ledger_error);
    BOOST_TEST(connector->sent.size() == 1U);
    BOOST_TEST(ledger.count_write_backs()[write_back_state::done] == 1);
    BOOST_TEST(events.count("writeback.done") == 1);
}

BOOST_AUTO_TEST_CASE(a_system_that_is_down_is_asked_once)
{
    connector->is_down = true;
    add_people(8);
    BOOST_TEST(!deliver().has_value());
    BOOST_TEST(connector->sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_system_that_goes_down_meanwhile_leaves_no_doubt_about_those_under_way)
{
    add_people(15);
    clock.schedule(clock.now() + 2500ms, [&] { connector->is_down = true; }); // while the third round is under way
    BOOST_TEST(!deliver().has_value());
    BOOST_TEST(connector->sent.size() == 7U);
    BOOST_TEST(ledger.count_write_backs()[write_back_state::pending] == 12);
    BOOST_TEST(ledger.count_write_backs()[write_back_state::done] == 3);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
