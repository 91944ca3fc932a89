#include "sync/outbox.hpp"

#include "tests/support/recorded_events.hpp"
#include "tests/support/virtual_time.hpp"
#include "tests/unit/sync/untouched_platform.hpp"

#include <boost/json/error.hpp>
#include <boost/test/unit_test.hpp>

#include <functional>
#include <stdexcept>

namespace testdome_sync::sync {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;

/// An HR system whose answers to writes a test gives.
struct scripted_connector final : hr_connector {
    awaitable<result<poll_answer>> poll(poll_request) override { co_return poll_answer{}; }
    awaitable<result<write_outcome>> write(write_order order) override
    {
        orders.push_back(std::move(order));
        co_return answer();
    }
    repeatability repeats(const std::string&) const override { return kind; }
    awaitable<result<std::vector<std::string>>> check() override { co_return std::vector<std::string>{}; }

    std::function<result<write_outcome>()> answer;
    repeatability kind = repeatability::checkable;
    std::vector<write_order> orders;
};

/// One completed assessment with one write-back, `note`.
struct one_note {
    one_note()
    {
        active_mapping mapping;
        mapping.settings.name = "engineering";
        auto made = std::make_unique<scripted_connector>();
        connector = made.get();
        mapping.connector = std::move(made);
        mappings.push_back(std::move(mapping));

        stored_application application;
        application.mapping = "engineering";
        application.id = "7";
        application.document = {{"application", {{"id", "7"}, {"status", "active"}}}, {"status", "active"}};
        assessment completed;
        completed.mapping = "engineering";
        completed.application_id = "7";
        completed.test_id = 1001;
        completed.test_reference = "C++ Senior";
        completed.state = assessment_state::completed;
        unit_of_work unit(*ledger);
        ledger->save(application);
        ledger->save(completed, "for the test");
        note.assessment_id = completed.id;
        note.mapping = "engineering";
        note.event = "completed";
        note.action = "note";
        note.argument = "Score 87";
        note.marker = "td-0123";
        note.next_attempt_at = clock.wall();
        ledger->add(note);
        unit.commit();
    }

    result<void> deliver() { return testing::run(clock, sent.deliver(mappings.front())); }

    write_back stored() { return ledger->write_backs_of(note.assessment_id).front(); }

    void always(result<write_outcome> answer)
    {
        connector->answer = [answer] { return answer; };
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    config::settings settings;
    std::unique_ptr<sync::ledger> ledger = open_sqlite_ledger("/nowhere/ledger.db", ledger_access::copy);
    untouched_platform platform;
    std::vector<active_mapping> mappings;
    environment world{settings, mappings, *ledger, platform, clock, random, events};
    bookkeeper books{world};
    outbox sent{world, books};
    scripted_connector* connector = nullptr;
    write_back note;
};

const failure lost{errc::outcome_unknown, "the connection broke"};

} // namespace

BOOST_FIXTURE_TEST_SUITE(write_backs, one_note)

BOOST_AUTO_TEST_CASE(what_was_written_is_done_and_not_written_again)
{
    always(write_outcome::done);
    BOOST_TEST(deliver().has_value());
    clock.run_for(48h);
    BOOST_TEST(deliver().has_value());

    BOOST_TEST(connector->orders.size() == 1U);
    BOOST_TEST(connector->orders.front().document.at("marker") == "td-0123");
    BOOST_TEST(connector->orders.front().document.at("event") == "completed");
    BOOST_TEST(!connector->orders.front().ask_first);
    BOOST_TEST((stored().state == write_back_state::done));
    BOOST_TEST(events.count("writeback.done") == 1);
}

BOOST_AUTO_TEST_CASE(after_an_unknown_outcome_the_question_comes_first)
{
    always(lost);
    BOOST_TEST(deliver().has_value());
    BOOST_TEST((stored().state == write_back_state::unconfirmed));

    always(write_outcome::already_done);
    clock.run_for(31s);
    BOOST_TEST(deliver().has_value());

    BOOST_REQUIRE(connector->orders.size() == 2U);
    BOOST_TEST(connector->orders.back().ask_first);
    BOOST_TEST((stored().state == write_back_state::done));
}

BOOST_AUTO_TEST_CASE(the_doubt_stays_however_often_the_question_fails)
{
    always(lost);
    BOOST_TEST(deliver().has_value());
    always(failure{errc::not_sent, "the HR system is down"});
    for (int i = 0; i < 5; ++i) {
        clock.run_for(2h);
        BOOST_TEST(!deliver().has_value());
        BOOST_TEST((stored().state == write_back_state::unconfirmed));
    }
    always(write_outcome::done);
    clock.run_for(2h);
    BOOST_TEST(deliver().has_value());

    for (std::size_t i = 1; i < connector->orders.size(); ++i)
        BOOST_TEST(connector->orders[i].ask_first);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_looked_up_is_never_sent_again_after_an_unknown_outcome)
{
    connector->kind = repeatability::uncertain;
    always(lost);
    BOOST_TEST(deliver().has_value());
    clock.run_for(24h * 400);
    BOOST_TEST(deliver().has_value());

    BOOST_TEST(connector->orders.size() == 1U);
    BOOST_TEST((stored().state == write_back_state::unconfirmed));
    BOOST_TEST(stored().reason.find("can't be asked") != std::string::npos);
    BOOST_TEST(!sent.next_due("engineering").has_value());
    BOOST_TEST(events.count("writeback.failed") >= 1);
}

BOOST_AUTO_TEST_CASE(what_can_not_be_looked_up_is_not_sent_again_after_a_crash_either)
{
    connector->kind = repeatability::uncertain;
    always(write_outcome::done);
    note.state = write_back_state::unconfirmed; // as mark_sending() leaves it when the process dies
    unit_of_work unit(*ledger);
    ledger->save(note);
    unit.commit();

    BOOST_TEST(deliver().has_value());

    BOOST_TEST(connector->orders.empty());
    BOOST_TEST((stored().state == write_back_state::unconfirmed));
}

BOOST_AUTO_TEST_CASE(what_does_no_harm_twice_is_repeated_with_growing_patience)
{
    connector->kind = repeatability::idempotent;
    always(lost);
    for (int i = 0; i < 48; ++i) {
        BOOST_TEST(deliver().has_value());
        clock.run_for(30min);
    }
    // 30 s, 1, 2, 4, 8, 16, 32 min, then every hour.
    BOOST_TEST(connector->orders.size() > 20U);
    BOOST_TEST(connector->orders.size() < 40U);
}

BOOST_AUTO_TEST_CASE(what_the_hr_system_refuses_has_failed_for_good_and_is_told)
{
    always(failure{errc::refused, "422: body is too long"});
    BOOST_TEST(deliver().has_value());
    clock.run_for(48h);
    BOOST_TEST(deliver().has_value());

    BOOST_TEST(connector->orders.size() == 1U);
    BOOST_TEST((stored().state == write_back_state::failed));
    BOOST_TEST(events.count("writeback.failed") == 1);
}

BOOST_AUTO_TEST_CASE(a_connector_that_throws_leaves_the_outcome_unknown)
{
    connector->answer = []() -> result<write_outcome> { throw std::out_of_range("a bug"); };
    BOOST_TEST(deliver().has_value());
    BOOST_TEST((stored().state == write_back_state::unconfirmed));
}

BOOST_AUTO_TEST_CASE(a_connector_that_throws_a_library_s_error_is_not_taken_for_canceled)
{
    // Boost.JSON's errors are of the type that a canceled wait throws.
    connector->answer = []() -> result<write_outcome> {
        throw boost::system::system_error(make_error_code(boost::json::error::not_exact));
    };
    BOOST_TEST(deliver().has_value());
    BOOST_TEST((stored().state == write_back_state::unconfirmed));
}

BOOST_AUTO_TEST_CASE(an_application_that_was_rejected_meanwhile_gets_nothing_but_notes)
{
    auto application = *ledger->find_application("engineering", "7");
    application.document["application"].as_object()["status"] = "rejected";
    application.document["status"] = "rejected";
    write_back field = note;
    field.id = 0;
    field.action = "field";
    field.position = 1;
    unit_of_work unit(*ledger);
    ledger->save(application);
    ledger->add(field);
    unit.commit();
    always(write_outcome::done);

    BOOST_TEST(deliver().has_value());

    BOOST_REQUIRE(connector->orders.size() == 1U);
    BOOST_TEST(connector->orders.front().action == "note");
}

BOOST_AUTO_TEST_CASE(what_came_later_is_not_written_before_what_came_earlier_and_notes_do_not_wait)
{
    const auto add = [&](const std::string& event, const std::string& action, int position) {
        write_back made = note;
        made.event = event;
        made.action = action;
        made.argument = event;
        made.position = position;
        unit_of_work unit(*ledger);
        ledger->add(made);
        unit.commit();
    };
    always(failure{errc::malformed, "a look-up was answered badly"});
    add("invited", "move_stage", 1);
    BOOST_TEST(deliver().has_value()); // the note and the first move have failed, and wait
    connector->orders.clear();

    always(write_outcome::done);
    add("completed", "move_stage", 2);
    add("completed", "note", 3);
    BOOST_TEST(deliver().has_value());
    BOOST_REQUIRE(connector->orders.size() == 1U);
    BOOST_TEST(connector->orders.front().action == "note");
    BOOST_TEST((sent.next_due("engineering") > clock.wall()));

    clock.run_for(31s);
    BOOST_TEST(deliver().has_value());
    BOOST_REQUIRE(connector->orders.size() == 4U);
    BOOST_TEST(connector->orders[2].argument == "invited");
    BOOST_TEST(connector->orders[3].argument == "completed");
}

BOOST_AUTO_TEST_CASE(what_waits_for_a_person_keeps_nothing_waiting)
{
    connector->kind = repeatability::uncertain;
    note.action = "move_stage";
    note.position = 1;
    {
        unit_of_work unit(*ledger);
        ledger->add(note);
        note.position = 2;
        ledger->add(note);
        unit.commit();
    }
    always(lost);
    BOOST_TEST(deliver().has_value());
    BOOST_TEST(connector->orders.size() == 3U); // the note, and both moves
    BOOST_TEST(!sent.next_due("engineering").has_value());
}

BOOST_AUTO_TEST_CASE(what_a_process_was_sending_when_it_died_is_left_alone_for_a_while)
{
    connector->answer = [&]() -> result<write_outcome> {
        const auto as_the_next_process_would_find_it = stored();
        BOOST_TEST((as_the_next_process_would_find_it.state == write_back_state::unconfirmed));
        BOOST_TEST((as_the_next_process_would_find_it.next_attempt_at >= clock.wall() + 1min));
        return write_outcome::done;
    };
    BOOST_TEST(deliver().has_value());
    BOOST_TEST((stored().state == write_back_state::done));
}

BOOST_AUTO_TEST_CASE(who_is_not_found_is_looked_for_until_the_hr_system_has_been_read_again)
{
    const auto is_open = [&] {
        return stored().state == write_back_state::unconfirmed || stored().state == write_back_state::pending;
    };
    always(failure{errc::not_found, "answered 404"}); // a merged candidate's new id comes with the next poll
    for (int i = 0; i < 15; ++i) {
        BOOST_TEST(deliver().has_value());
        clock.run_for(2h);
    }
    BOOST_TEST(is_open());

    // A reading that began before the last attempt may not have seen the new id.
    sent.was_read("engineering", stored().updated_at - 1s);
    BOOST_TEST(deliver().has_value());
    BOOST_TEST(is_open());
    clock.run_for(2h);

    sent.was_read("another mapping", clock.wall());
    BOOST_TEST(deliver().has_value());
    BOOST_TEST(is_open());
    clock.run_for(2h);

    sent.was_read("engineering", clock.wall());
    BOOST_TEST(deliver().has_value());
    BOOST_TEST((stored().state == write_back_state::failed));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sync
