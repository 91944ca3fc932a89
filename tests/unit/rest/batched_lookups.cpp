// Write-backs that are sent at the same time look things up together.
#include "tests/unit/rest/hr_system.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include <deque>

namespace testdome_sync::rest {

namespace asio = boost::asio;
using sync::errc;
using testing::json_answer;

namespace {

using list = std::vector<std::string>;

std::string move_by_batches_of(int most)
{
    return listing("", R"(actions:
  move_stage:
    idempotent: true
    lookups:
      current:
        batch: )" + std::to_string(most) +
                           R"(
        id: !jq .application.id
        request: {path: /stages, query: {of: !jq '.ids | join(",")', other: !jq '.argument // .application.id // .lookup.current'}}
        records: !jq .body.rows[]
        key: !jq .application
        value: !jq '.pages[0] | map(.id) | .[-1]'
        missing: it has no stage
    request: {path: "/move/{{ .application.id }}", body: {from: !jq .lookup.current}}
)");
}

struct moves : hr_system {
    /// What became of one write-back; nothing while it is under way.
    struct move {
        std::string outcome{};
        bool canceled = false;
        asio::cancellation_signal stop{};
    };

    void begin(const std::string& application)
    {
        auto& made = under_way.emplace_back();
        sync::write_order order;
        order.action = "move_stage";
        order.document = {{"application", {{"id", application}}}, {"applicant", {{"id", application}}}};
        auto ended = [&made](std::exception_ptr error, sync::result<sync::write_outcome> became) {
            made.canceled = error != nullptr;
            if (!error)
                made.outcome = became ? "done" : became.error().code.message() + ": " + became.error().detail;
        };
        asio::co_spawn(clock.context(), connector->write(std::move(order)),
                       asio::bind_cancellation_slot(made.stop.slot(), ended));
    }

    list outcomes(const list& applications)
    {
        under_way.clear();
        for (const auto& one : applications)
            begin(one);
        clock.run_for(std::chrono::minutes{10});
        list all;
        for (const auto& one : under_way)
            all.push_back(one.outcome);
        return all;
    }

    std::deque<move> under_way;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(batched_lookups, moves)

BOOST_AUTO_TEST_CASE(what_is_asked_at_the_same_moment_is_one_request_and_each_gets_the_rows_of_its_own)
{
    start(move_by_batches_of(50));
    on("GET /stages",
       R"({"rows":[{"application":3,"id":30},{"application":"1","id":10},{"application":1,"id":11},{"application":9,"id":90}]})");
    for (const auto* path : {"POST /move/1", "POST /move/3"})
        on(path, "{}");
    BOOST_TEST((outcomes({"1", "2", "3"}) == list{"done", word(errc::not_found) + ": it has no stage", "done"}));
    BOOST_TEST(
        (sent() == list{"GET /stages?of=1%2C2%2C3", R"(POST /move/1 {"from":11})", R"(POST /move/3 {"from":30})"}));
    BOOST_TEST((outcomes({"3"}) == list{"done"})); // and the next moment asks anew
    BOOST_TEST((sent() == list{"GET /stages?of=3", R"(POST /move/3 {"from":30})"}));
}

BOOST_AUTO_TEST_CASE(no_more_ids_than_the_batch_allows_are_in_one_request)
{
    start(move_by_batches_of(2));
    on("GET /stages", R"({"rows":[]})");
    outcomes({"1", "2", "3", "4", "5"});
    BOOST_TEST((sent() == list{"GET /stages?of=1%2C2", "GET /stages?of=3%2C4", "GET /stages?of=5"}));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_wrong_about_one_spoils_nothing_for_the_others)
{
    start(move_by_batches_of(50));
    on("GET /stages",
       {json_answer(422, R"({"message":"no such application: 2"})"),
        json_answer(200, R"({"rows":[{"application":1,"id":10}]})"), json_answer(422, "no such application"),
        json_answer(200, R"({"rows":[{"application":3,"id":30}]})")});
    on("POST /move/1", "{}");
    on("POST /move/3", "{}");
    const auto became = outcomes({"1", "2", "3"});
    BOOST_TEST(became[0] == "done");
    BOOST_TEST(became[1].starts_with(word(errc::refused)));
    BOOST_TEST(became[2] == "done");
    const list expected{"GET /stages?of=1%2C2%2C3", "GET /stages?of=1", R"(POST /move/1 {"from":10})",
                        "GET /stages?of=2",         "GET /stages?of=3", R"(POST /move/3 {"from":30})"};
    const auto asked = sent();
    BOOST_TEST(asked == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_system_that_is_down_is_asked_together_only_and_nothing_is_carried_out)
{
    start(move_by_batches_of(50));
    on("GET /stages", {json_answer(503, "")});
    for (const auto& one : outcomes({"1", "2", "3"}))
        BOOST_TEST(one.starts_with(word(errc::not_sent)));
    for (const auto& one : sent())
        BOOST_TEST(one == "GET /stages?of=1%2C2%2C3");
}

BOOST_AUTO_TEST_CASE(who_is_canceled_takes_nobody_along_without_an_answer)
{
    start(move_by_batches_of(50));
    on("GET /stages", R"({"rows":[{"application":1,"id":10}]})");
    on("POST /move/1", "{}");
    network.delay = std::chrono::seconds{5};
    for (const bool the_one_who_asks : {true, false}) {
        under_way.clear();
        begin("1");
        begin("1");
        clock.run_for(std::chrono::seconds{1});
        auto& stopped = under_way[the_one_who_asks ? 0 : 1];
        auto& other = under_way[the_one_who_asks ? 1 : 0];
        stopped.stop.emit(asio::cancellation_type::terminal);
        clock.run_for(std::chrono::seconds{30});
        BOOST_TEST(stopped.canceled);
        BOOST_TEST(!other.canceled);
        BOOST_TEST(other.outcome.starts_with(the_one_who_asks ? word(errc::not_sent) : "done"));
    }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
