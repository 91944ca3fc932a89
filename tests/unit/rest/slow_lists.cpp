// A full list that can't be filtered is read at a slower pace, and nothing between two readings of it is missed.
#include "tests/unit/rest/hr_system.hpp"

#include <boost/json/serialize.hpp>

namespace testdome_sync::rest {

using namespace std::chrono_literals;
using testing::json_answer;

namespace {

using list = std::vector<std::string>;

const std::string two_lists = R"(url: https://hr.example.com
list:
  - {request: {path: /new, query: {since: !jq .since}}, since: iso, records: !jq '.body[]', cursor: !jq .headers.etag}
  - {name: everybody, every: 30m, request: {path: /all, query: {since: !jq .since}}, since: iso, records: !jq '.body[]'}
application: {id: !jq .id}
)";

struct slow_system : hr_system {
    slow_system()
    {
        on("GET /new", {with_header(json_answer(200, R"([{"id":"new"}])"), "ETag", "e1")});
        on("GET /all", R"([{"id":"old"}])");
        start(two_lists);
    }

    /// The next poll, some time later.
    std::string after(std::chrono::seconds time)
    {
        clock.run_for(time);
        return ids(left);
    }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(slow_lists, slow_system)

BOOST_AUTO_TEST_CASE(a_slow_list_is_read_when_its_time_has_come)
{
    BOOST_TEST(ids() == "new old");
    BOOST_TEST(after(2min) == "new");
    BOOST_TEST(after(27min) == "new");
    BOOST_TEST(after(1min) == "new old");
    BOOST_TEST(after(1min) == "new");
}

BOOST_AUTO_TEST_CASE(what_was_left_out_is_remembered_over_a_restart)
{
    BOOST_TEST(ids() == "new old");
    BOOST_TEST(after(2min) == "new");
    start(two_lists);
    BOOST_TEST(after(2min) == "new");
    clock.run_for(30min);
    since_before = 1min; // the window has moved on
    sent();
    BOOST_TEST(ids(left) == "new old");
    BOOST_TEST((sent() == list{"GET /new?since=2026-11-24T08%3A33%3A00Z", "GET /all?since=2026-11-24T07%3A02%3A00Z"}));
}

BOOST_AUTO_TEST_CASE(a_poll_that_fails_counts_for_nothing)
{
    BOOST_TEST(ids() == "new old");
    const auto before = left;
    on("GET /all", {json_answer(400, "{}")});
    BOOST_TEST(after(31min).starts_with("failure:"));
    BOOST_TEST(left == before);
    on("GET /all", R"([{"id":"old"}])");
    BOOST_TEST(after(1min) == "new old");
}

BOOST_AUTO_TEST_CASE(the_hr_system_s_own_cursor_is_kept_beside_it)
{
    BOOST_TEST(ids() == "new old");
    BOOST_TEST(boost::json::serialize(left) ==
               R"({"cursor":"e1","slow_lists":{"everybody":{"read_at":"2026-11-24T08:00:00Z","missed_since":null}}})");
    start(listing("  cursor: !jq .body.next\n")); // the mapping has changed: no list is slow any more
    on("GET /apps", R"({"rows":[]})");
    BOOST_TEST(ids(left) == "");
    BOOST_TEST(left == boost::json::value("e1"));
}

BOOST_AUTO_TEST_CASE(a_memory_that_is_nonsense_is_none)
{
    for (const auto* odd : {R"({"slow_lists":7})", R"({"slow_lists":{"everybody":7}})", "[]", "\"text\"",
                            R"({"slow_lists":{"everybody":{"read_at":"2027-11-24T08:00:00Z"}}})",
                            R"({"cursor":1,"slow_lists":{"everybody":{"read_at":"9999-11-24T08:00:00Z"}}})"})
        BOOST_TEST(ids(boost::json::parse(odd)) == "new old", odd);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
