#include "tests/unit/rest/hr_system.hpp"

namespace testdome_sync::rest {

using testing::json_answer;

namespace {

http::response rows(int from, int count, const std::string& more = {})
{
    std::string all;
    for (int i = 0; i < count; ++i)
        all += (i == 0 ? "" : ",") + (R"({"id":)" + std::to_string(from + i) + '}');
    return json_answer(200, R"({"rows":[)" + all + ']' + more + '}');
}

using list = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(paging, hr_system)

BOOST_AUTO_TEST_CASE(a_page_s_number_may_be_a_part_of_the_path)
{
    start("url: https://hr.example.com\nlist: {request: {path: '/from/{{ .since }}/apps', query: {a: b}}, since: date, "
          "records: !jq '.body.rows[]', paging: {type: page, in: path, parameter: page, size: 2}}\n"
          "application: {id: !jq .id}\n");
    on("GET /from/2026-11-24/apps/page/1", {rows(1, 2)});
    on("GET /from/2026-11-24/apps/page/2", {rows(3, 1)});
    BOOST_TEST(ids() == "1 2 3");
    BOOST_TEST((sent() == list{"GET /from/2026-11-24/apps/page/1?a=b", "GET /from/2026-11-24/apps/page/2?a=b"}));
}

BOOST_AUTO_TEST_CASE(an_offset_may_stand_deep_in_a_body)
{
    start("url: https://hr.example.com\nlist: {request: {method: POST, path: /rpc, body: {params: {args: [db, 7, "
          "{limit: 2, offset: 0}]}}}, records: !jq '.body.rows[]', paging: {type: offset, in: body, parameter: "
          "params.args.2.offset, size: 2}}\napplication: {id: !jq .id}\n");
    on("POST /rpc", {rows(1, 2), rows(3, 1)});
    BOOST_TEST(ids() == "1 2 3");
    BOOST_TEST((sent() == list{R"(POST /rpc {"params":{"args":["db",7,{"limit":2,"offset":0}]}})",
                               R"(POST /rpc {"params":{"args":["db",7,{"limit":2,"offset":2}]}})"}));
}

BOOST_AUTO_TEST_CASE(a_place_that_is_missing_in_a_body_is_made_unless_something_is_in_the_way)
{
    const auto with = [&](const std::string& parameter) {
        start("url: https://hr.example.com\nlist: {request: {method: POST, path: /rpc, body: {a: [1], t: x}}, records: "
              "!jq "
              "'.body.rows[]', paging: {type: page, in: body, size: 5, parameter: " +
              parameter + "}}\napplication: {id: !jq .id}\n");
        on("POST /rpc", {rows(1, 1)});
        const auto found = ids();
        return found == "1" ? sent().front() : found;
    };
    BOOST_TEST(with("page.number") == R"(POST /rpc {"a":[1],"t":"x","page":{"number":1}})");
    BOOST_TEST(with("a.0") == R"(POST /rpc {"a":[1],"t":"x"})");
    for (const auto* wrong : {"a.1", "a.x", "t.x", "a.99999999999999999999"})
        BOOST_TEST(with(wrong).find("belongs into the body") != std::string::npos, wrong);
}

BOOST_AUTO_TEST_CASE(a_list_may_go_on_after_the_last_id_that_it_gave)
{
    start(listing("  paging: {type: since_id, parameter: since_id, next: !jq '.body.rows[-1].id', size: 2}\n"));
    on("GET /apps", {rows(1, 2), rows(3, 2), rows(5, 1)});
    BOOST_TEST(ids() == "1 2 3 4 5");
    BOOST_TEST((sent() == list{"GET /apps", "GET /apps?since_id=2", "GET /apps?since_id=4"})); // a short page ends it
    start(listing("  paging: {type: since_id, parameter: since_id, next: !jq '.body.rows[-1].id'}\n"));
    on("GET /apps", {rows(1, 2), rows(3, 0)});
    BOOST_TEST(ids() == "1 2");
    BOOST_TEST((sent() == list{"GET /apps", "GET /apps?since_id=2"})); // without a size, a page without an id
}

BOOST_AUTO_TEST_CASE(a_cursor_may_come_and_go_in_a_header)
{
    start(listing("  paging: {type: cursor, in: header, parameter: X-After, next: !jq '.headers[\"x-next\"]'}\n"));
    std::vector<std::string> asked_after;
    network.on_request([&](const http::request& order) -> reply {
        const std::string after(order.headers.find("X-After").value_or("the beginning"));
        asked_after.push_back(after);
        if (after == "the beginning")
            return with_header(rows(1, 2), "X-Next", "c2");
        return after == "c2" ? with_header(rows(3, 2), "X-Next", "c3") : rows(5, 1);
    });
    BOOST_TEST(ids() == "1 2 3 4 5");
    BOOST_TEST((asked_after == list{"the beginning", "c2", "c3"}));
    BOOST_TEST((sent() == list{"GET /apps", "GET /apps", "GET /apps"}));
}

BOOST_AUTO_TEST_CASE(the_next_page_s_address_may_be_written_in_every_way)
{
    for (const auto& [next, asked] :
         std::map<std::string, std::string>{{"https://hr.example.com/v2/apps?page=2", "GET /v2/apps?page=2"},
                                            {"/v2/apps?page=2", "GET /v2/apps?page=2"},
                                            {"//hr.example.com/v2/apps?page=2", "GET /v2/apps?page=2"},
                                            {"more?page=2", "GET /v1/more?page=2"},
                                            {"?page=2", "GET /v1/apps?page=2"}}) {
        start("url: https://hr.example.com/v1\nlist: {request: {path: /apps, query: {a: b}}, records: !jq "
              "'.body.rows[]', paging: {type: next_url, next: !jq .body.next}}\napplication: {id: !jq .id}\n");
        on("GET /v1/apps", {rows(1, 1, R"(,"next":")" + next + '"'), rows(2, 1)});
        for (const auto* path : {"GET /v2/apps", "GET /v1/more"})
            on(path, {rows(2, 1)});
        BOOST_TEST(ids() == "1 2", next);
        BOOST_TEST((sent() == list{"GET /v1/apps?a=b", asked}), next);
    }
}

BOOST_AUTO_TEST_CASE(a_cursor_that_is_the_only_parameter_leaves_the_filters_out)
{
    start("url: https://hr.example.com\nlist: {request: {path: /apps, query: {updated_after: !jq .since, limit: 2}}, "
          "since: date, records: !jq '.body.rows[]', paging: {type: cursor, parameter: after, only_parameter: true, "
          "next: !jq .body.next}}\napplication: {id: !jq .id}\n");
    on("GET /apps", {rows(1, 2, R"(,"next":"a b&c")"), rows(3, 2, R"(,"next":"d")"), rows(5, 1)});
    BOOST_TEST(ids() == "1 2 3 4 5");
    BOOST_TEST((sent() ==
                list{"GET /apps?updated_after=2026-11-24&limit=2", "GET /apps?after=a%20b%26c", "GET /apps?after=d"}));
}

BOOST_AUTO_TEST_CASE(filters_that_a_next_link_dropped_are_added_again)
{
    start("url: https://hr.example.com\nlist: {request: {path: /apps, query: {updated_after: !jq .since, \"f[a]\": 1, "
          "limit: 2}}, records: !jq '.body.rows[]', paging: {type: next_url, next: !jq .body.next, keep_query: "
          "true}}\napplication: {id: !jq .id}\n");
    on("GET /apps", {rows(1, 2, R"(,"next":"https://hr.example.com/apps?limit=2&since_id=9&f%5Ba%5d=2")"),
                     rows(3, 1, R"(,"next":null)")});
    BOOST_TEST(ids() == "1 2 3");
    const auto urls = sent();
    BOOST_REQUIRE(urls.size() == 2U);
    BOOST_TEST(urls[1] == "GET /apps?limit=2&since_id=9&f%5Ba%5d=2&updated_after=2026-11-24T07%3A00%3A00.000Z");
}

BOOST_AUTO_TEST_CASE(a_list_ends_with_its_total_however_short_its_pages_are)
{
    start(listing("  paging: {type: offset, parameter: offset, size: 100, total: !jq .body.total}\n"));
    on("GET /apps", {rows(1, 3, R"(,"total":5)"), rows(4, 2, R"(,"total":5)")});
    BOOST_TEST(ids() == "1 2 3 4 5");
    BOOST_TEST((sent() == list{"GET /apps", "GET /apps?offset=3"})); // the HR system gives fewer than it was asked for
    on("GET /apps", {rows(1, 3, R"(,"total":5)"), rows(4, 0, R"(,"total":5)")});
    BOOST_TEST(ids() == "1 2 3");
    on("GET /apps", {rows(1, 3)});
    BOOST_TEST(ids().find("\"total\" gives no number") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(rows_are_counted_as_the_hr_system_counts_them)
{
    start(
        "url: https://hr.example.com\nlist: {request: {path: /apps}, records: !jq '.body.rows[] | select(.id > 2)', "
        "paging: {type: page, parameter: p, size: 2, rows: !jq '.body.rows | length'}}\napplication: {id: !jq .id}\n");
    on("GET /apps", {rows(1, 2), rows(3, 2), rows(5, 1)});
    BOOST_TEST(ids() == "3 4 5");
    on("GET /apps", "{}");
    BOOST_TEST(ids().starts_with("failure:"));
}

BOOST_AUTO_TEST_CASE(one_row_alone_or_nothing_at_all_is_a_list_too)
{
    start("url: https://hr.example.com\nlist: {request: {path: /apps}, records: !jq '.body | if type == \"array\" then "
          ".[] else select(.id) end', paging: {type: page, in: path, parameter: page, size: 100}}\napplication: {id: "
          "!jq .id}\n");
    for (const auto& [body, expected] : std::map<std::string, std::string>{
             {R"({"id":1})", "1"}, {R"([{"id":1},{"id":2}])", "1 2"}, {"[]", ""}, {"", ""}, {"null", ""}, {"{}", ""}}) {
        on("GET /apps/page/1", {json_answer(200, body)});
        BOOST_TEST(ids() == expected, body);
    }
}

BOOST_AUTO_TEST_CASE(a_sync_token_comes_with_the_last_page_and_is_forgotten_when_it_is_too_old)
{
    start(R"(url: https://hr.example.com
list:
  request: {method: POST, path: /list, body: !jq 'if .cursor then {syncToken: .cursor} else {createdAfter: .since} end'}
  since: epoch_ms
  records: !jq .body.results[]
  paging: {type: cursor, in: body, parameter: cursor, next: !jq .body.nextCursor, more: !jq .body.moreDataAvailable}
  cursor: !jq .body.syncToken
answer:
  rules: [{when: !jq '.body.errorInfo.code == "sync_token_expired"', then: forget_cursor}]
  success: !jq .body.success
application: {id: !jq .id}
)");
    const std::string first = R"({"success":true,"results":[{"id":1}],"moreDataAvailable":true,"nextCursor":"c1"})";
    const std::string last = R"({"success":true,"results":[{"id":2}],"moreDataAvailable":false,"syncToken":"s1"})";
    on("POST /list", {json_answer(200, first), json_answer(200, last)});
    BOOST_TEST(ids() == "1 2");
    BOOST_TEST(left == boost::json::value("s1"));
    BOOST_TEST((sent() == list{R"(POST /list {"createdAfter":1795503600000})",
                               R"(POST /list {"createdAfter":1795503600000,"cursor":"c1"})"}));
    on("POST /list", R"({"success":true,"results":[],"moreDataAvailable":false,"syncToken":"s2"})");
    BOOST_TEST(ids(left) == "");
    BOOST_TEST((sent() == list{R"(POST /list {"syncToken":"s1"})"}));

    const std::string expired = R"({"success":false,"errorInfo":{"code":"sync_token_expired"}})";
    on("POST /list", {json_answer(200, expired), json_answer(200, last)});
    BOOST_TEST(ids(left) == "2");
    BOOST_TEST(left == boost::json::value("s1"));
    BOOST_TEST((sent() == list{R"(POST /list {"syncToken":"s2"})", R"(POST /list {"createdAfter":1795503600000})"}));
    on("POST /list", {json_answer(200, expired)});
    BOOST_TEST(ids(left).find("too old although none was sent") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
