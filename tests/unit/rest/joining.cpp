// Records from several places: items, joins, parts of one record.
#include "sync/application.hpp"
#include "tests/unit/rest/hr_system.hpp"

namespace testdome_sync::rest {

using namespace std::chrono_literals;
using testing::json_answer;

namespace {

using list = std::vector<std::string>;

} // namespace

BOOST_FIXTURE_TEST_SUITE(joining, hr_system)

BOOST_AUTO_TEST_CASE(items_come_in_pages_and_are_remembered_for_a_while)
{
    start(R"(url: https://hr.example.com
list:
  for_each:
    request: {path: /jobs}
    paging: {type: page, parameter: p, size: 1}
    items: !jq .body[] | select(.open)
    cache: 15m
  request: {path: "/jobs/{{ .item.id }}/people"}
  records: !jq '.item.name as $job | .body[] | . + {job: $job}'
  older: !jq .updated
application: {id: !jq .id, job: {id: !jq .item.id, name: !jq .job}}
)");
    on("GET /jobs", {json_answer(200, R"([{"id":1,"name":"A","open":true}])"), json_answer(200, "[]")});
    on("GET /jobs/1/people",
       R"([{"id":"x","updated":"2026-11-24T08:00:00Z"},{"id":"old","updated":"2020-01-01T00:00:00Z"}])");
    const auto read = poll();
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().detail));
    BOOST_REQUIRE(read->applications.size() == 1U);
    BOOST_TEST(read->applications[0].job.id == "1");
    BOOST_TEST(read->applications[0].job.name == "A");
    BOOST_TEST((sent() == list{"GET /jobs?p=1", "GET /jobs?p=2", "GET /jobs/1/people"}));
    clock.run_for(14min);
    BOOST_TEST(ids() == "x");
    BOOST_TEST((sent() == list{"GET /jobs/1/people"}));
    clock.run_for(2min);
    BOOST_TEST(ids() == "");
    BOOST_TEST((sent() == list{"GET /jobs?p=1"}));
}

BOOST_AUTO_TEST_CASE(a_join_may_have_pages_many_rows_and_no_key_of_its_own)
{
    start(R"(url: https://hr.example.com
list: {request: {path: /apps}, records: !jq '.body[]'}
enrich:
  stage:
    ids: !jq .stage
    request: {path: /stages}
    paging: {type: next_url, next: !jq .body.next}
    records: !jq .body.rows[]
    key: !jq .id
    batch: 500
    cache: 1h
  postings: {ids: !jq .id, request: {path: "/apps/{{ .id }}/postings"}, records: !jq '.body[]', many: true}
  job: {ids: !jq '.joined.postings[0].job', request: {path: "/jobs/{{ .id }}"}, records: !jq .body}
application: {id: !jq .id, stage: {name: !jq .joined.stage.name}, status: !jq .joined.postings | length, job: {name: !jq .joined.job.title}}
)");
    on("GET /apps", R"([{"id":1,"stage":"s2"},{"id":2,"stage":"s1"},{"id":3,"stage":null}])");
    on("GET /stages", {json_answer(200, R"({"rows":[{"id":"s1","name":"First"}],"next":"?page=2"})"),
                       json_answer(200, R"({"rows":[{"id":"s2","name":"Second"}]})")});
    on("GET /apps/1/postings", R"([{"job":7},{"job":8}])");
    on("GET /apps/2/postings", {json_answer(204, "")});
    on("GET /jobs/7", R"({"title":"C++ Engineer"})");
    const auto read = poll(); // application 3 has no postings: the HR system answers 404
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().detail));
    BOOST_REQUIRE(read->applications.size() == 3U);
    BOOST_TEST(read->applications[0].stage.name == "Second");
    BOOST_TEST(read->applications[1].stage.name == "First");
    BOOST_TEST(read->applications[2].stage.name == "");
    BOOST_TEST(read->applications[0].status == "2");
    BOOST_TEST(read->applications[1].status == "0");
    BOOST_TEST(read->applications[2].status == "0");
    BOOST_TEST(read->applications[0].job.name == "C++ Engineer");
    BOOST_TEST(read->applications[1].job.name == "");
    sent();
    const list not_kept{"GET /apps", "GET /apps/1/postings", "GET /apps/2/postings", "GET /apps/3/postings",
                        "GET /jobs/7"};
    clock.run_for(59min);
    BOOST_TEST(ids() == "1 2 3");
    BOOST_TEST((sent() == not_kept)); // stages are kept for an hour
    clock.run_for(2min);
    BOOST_TEST(ids() == "1 2 3");
    BOOST_TEST(std::ranges::count(sent(), "GET /stages?page=2") == 0); // the last answer is the one page that there is
    on("GET /stages", R"({"rows":[{"id":"s1","name":"Renamed"},{"id":"s2","name":"Second"}]})");
    clock.run_for(61min);
    const auto renamed = poll();
    BOOST_REQUIRE(renamed);
    BOOST_TEST(renamed->applications[1].stage.name == "Renamed");
}

BOOST_AUTO_TEST_CASE(what_comes_again_as_it_was_is_joined_ever_more_seldom)
{
    start(R"(url: https://hr.example.com
list: {request: {path: /apps}, records: !jq '.body[]'}
enrich:
  person: {ids: !jq .person, request: {path: "/people/{{ .id }}"}, records: !jq .body}
application: {id: !jq .id, applicant: {first_name: !jq .joined.person.name}}
)");
    on("GET /apps", R"([{"id":1,"person":7}])");
    on("GET /people/7", R"({"name":"Ada"})");
    std::map<std::string, std::string> known;
    bool is_wanted = false;
    const auto requests_of_a_poll = [&] {
        sync::poll_request request{clock.wall() - 1h, nullptr, [&](const std::string& id, const std::string& print) {
                                       return !is_wanted && known[id] == print;
                                   }};
        const auto read = testing::run(clock, connector->poll(std::move(request)));
        BOOST_REQUIRE(read);
        BOOST_TEST(read->applications.size() + static_cast<std::size_t>(read->unchanged) == 1U);
        for (const auto& one : read->applications)
            known[one.id] = one.fingerprint;
        return sent().size();
    };
    BOOST_TEST(requests_of_a_poll() == 2U);
    BOOST_TEST(requests_of_a_poll() == 2U); // it may have been made in parts
    BOOST_TEST(requests_of_a_poll() == 1U);
    clock.run_for(1min);
    BOOST_TEST(requests_of_a_poll() == 2U);
    clock.run_for(1min);
    BOOST_TEST(requests_of_a_poll() == 1U);
    clock.run_for(1min);
    on("GET /people/7", R"({"name":"Augusta"})");
    BOOST_TEST(requests_of_a_poll() == 2U);
    BOOST_TEST(known.size() == 1U);

    BOOST_TEST(requests_of_a_poll() == 1U); // seen as it is now
    BOOST_TEST(requests_of_a_poll() == 1U);
    is_wanted = true; // somebody waits for a correction
    BOOST_TEST(requests_of_a_poll() == 2U);
    is_wanted = false;
    on("GET /apps", R"([{"id":1,"person":7,"stage":"Interview"}])");
    BOOST_TEST(requests_of_a_poll() == 2U);
    BOOST_TEST(requests_of_a_poll() == 1U); // a change of what is there already comes whole
}

BOOST_AUTO_TEST_CASE(a_join_that_could_not_be_read_is_asked_for_again_by_the_next_poll)
{
    start(R"(url: https://hr.example.com
list: {request: {path: /apps}, records: !jq '.body[]'}
enrich:
  job:
    ids: !jq .job
    request: {path: /jobs}
    paging: {type: next_url, next: !jq .body.next}
    records: !jq .body.rows[]
    key: !jq .id
    batch: 500
    cache: 15m
application: {id: !jq .id, job: {name: !jq .joined.job.name}}
)");
    on("GET /apps", R"([{"id":1,"job":7},{"id":2,"job":8}])");
    on("GET /jobs", {json_answer(200, "<html>maintenance</html>"),
                     json_answer(200, R"({"rows":[{"id":7,"name":"old"}],"next":"?page=2"})"),
                     json_answer(200, "<html>maintenance</html>"),
                     json_answer(200, R"({"rows":[{"id":7,"name":"A"},{"id":8,"name":"B"}]})")});
    BOOST_TEST(!poll());
    BOOST_TEST(!poll()); // its first page was well
    const auto read = poll();
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().detail));
    BOOST_REQUIRE(read->applications.size() == 2U);
    BOOST_TEST(read->applications[0].job.name == "A");
    BOOST_TEST(read->applications[1].job.name == "B");
}

BOOST_AUTO_TEST_CASE(what_a_page_includes_can_be_joined_there_and_one_record_be_several_applications)
{
    start(R"yaml(url: https://hr.example.com
credentials: {company: acme, key: s3cr3t-key}
parameters: {company: {secret: false}, key: {}}
list:
  request: {path: /apps}
  records: !jq >-
    (.body.included | INDEX(.type + "/" + .id)) as $found
    | .body.data[] | . + {person: $found["people/" + .who], hidden: .credentials}
split: !jq '.parameters.company as $company | .person as $person | .jobs[] | {id: "\($person.id)/\(.)", job: ., $person, $company
}'
application:
  id: !jq .id
  url: "https://{{ .company }}.example.com/{{ .id }}"
  applicant: {name: !jq .person.name}
  status: !jq '.hidden // "none"'
)yaml");
    on("GET /apps", R"({"data":[{"who":"1","jobs":["a","b"]}],"included":[{"type":"people","id":"1","name":"Ada"}]})");
    const auto read = poll();
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().detail));
    BOOST_REQUIRE_MESSAGE(read->applications.size() == 2U, (read->broken.empty() ? "" : read->broken[0].reason));
    BOOST_TEST(read->applications[1].id == "1/b");
    BOOST_TEST(read->applications[1].url == "https://acme.example.com/1/b");
    BOOST_TEST(read->applications[1].applicant.name == "Ada");
    BOOST_TEST(read->applications[1].status == "none"); // no credential is near a record
}

BOOST_AUTO_TEST_CASE(naive_times_are_those_of_the_hr_system_s_zone)
{
    start("url: https://hr.example.com\ncredentials: {zone: Europe/Zagreb}\nparameters: {zone: {secret: false}}\n"
          "time_zone: '{{ .credentials.zone }}'\nlist: {request: {path: /apps, query: {modified: !jq .since}, headers: "
          "{If-Modified-Since: !jq .since}}, since: iso_naive, records: !jq '.body[]'}\napplication: {id: !jq .id, "
          "applied_at: !jq .at, updated_at: {time: !jq .at, time_zone: America/New_York}}\n");
    on("GET /apps", R"([{"id":1,"at":"2026-11-24 08:30:00.5"}])");
    const auto read = poll();
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().detail));
    BOOST_REQUIRE(read->applications.size() == 1U);
    BOOST_TEST(network.sent[0].headers.find("If-Modified-Since").value_or("") == "2026-11-24 08:00:00");
    BOOST_TEST(sync::to_text(*read->applications[0].applied_at) == "2026-11-24T07:30:00Z");
    BOOST_TEST(sync::to_text(*read->applications[0].updated_at) == "2026-11-24T13:30:00Z");
}

BOOST_AUTO_TEST_CASE(who_has_no_time_of_application_may_be_an_old_one_where_not_everybody_was_read_at_first)
{
    const auto not_before = [&](const std::string& list, const std::string& row) {
        start("url: https://hr.example.com\nlist: {" + list +
              "records: !jq '.body[]'}\napplication: {id: !jq .id, applied_at: !jq .at, applied_after: !jq .made}\n");
        on("GET /apps", "[" + row + "]");
        const auto read = poll();
        BOOST_REQUIRE_MESSAGE(read && read->applications.size() == 1U, (read ? "" : read.error().detail));
        const auto& bound = read->applications[0].applied_after;
        return bound ? sync::to_text(*bound) : std::string("none");
    };
    const std::string everything = "request: {path: /apps}, ";
    const std::string changes = "request: {path: /apps, query: {updated_after: !jq .since}}, ";
    BOOST_TEST(not_before(everything, R"({"id":1})") == "none"); // who is new there has just applied
    const std::string from_a_mark = "request: {path: /apps, query: {after: !jq .cursor}}, cursor: !jq .headers.mark, ";
    BOOST_TEST(not_before(from_a_mark, R"({"id":1})") == "none");
    BOOST_TEST(not_before(changes + "window: applied, ", R"({"id":1})") == "none");
    for (const auto& asked : {changes, everything + "older: !jq .updated, "}) {
        BOOST_TEST(not_before(asked, R"({"id":1})") == "1970-01-01T00:00:00Z", asked);
        BOOST_TEST(not_before(asked, R"({"id":1,"at":"some day"})") == "1970-01-01T00:00:00Z", asked);
        BOOST_TEST(not_before(asked, R"({"id":1,"made":"2026-11-20T07:00:00Z"})") == "2026-11-20T07:00:00Z", asked);
        BOOST_TEST(not_before(asked, R"({"id":1,"at":"2026-11-24T07:00:00Z"})") == "none", asked);
    }
}

BOOST_AUTO_TEST_CASE(what_everything_needs_is_looked_up_first_and_remembered)
{
    start(R"(url: https://hr.example.com
credentials: {key: s3cr3t-key}
lookups:
  uid:
    request:
      method: POST
      path: /rpc
      body: {login: [db, !jq .credentials.key]}
      answer: {rules: [{when: !jq .body.result == false, then: denied, message: !jq '"the sign-in is refused"'}]}
    value: !jq .pages[0].result
    cache: 1d
list: {request: {path: "/{{ .lookup.uid }}/apps"}, records: !jq '.body[]'}
application: {id: !jq .id}
actions: {note: {request: {path: "/{{ .lookup.uid }}/notes", text: "{{ .argument | @html }}"}}}
check: {path: "/{{ .lookup.uid }}/me"}
)");
    on("POST /rpc", {json_answer(200, R"({"result":false})"), json_answer(200, R"({"result":7})")});
    const auto refused = poll();
    BOOST_TEST((refused.error().code == sync::errc::denied));
    BOOST_TEST(refused.error().detail.find("the sign-in is refused") != std::string::npos, refused.error().detail);
    sent();
    on("GET /7/apps", R"([{"id":1}])");
    on("POST /7/notes", {json_answer(204, "")});
    on("GET /7/me", "{}");
    BOOST_TEST(ids() == "1");
    BOOST_TEST(outcome("note", "a < b") == "done");
    BOOST_TEST(testing::run(clock, connector->check()).has_value());
    BOOST_TEST((sent() == list{R"(POST /rpc {"login":["db","s3cr3t-key"]})", "GET /7/apps", "POST /7/notes a &lt; b",
                               "GET /7/me"}));
    clock.run_for(25h);
    BOOST_TEST(ids() == "1");
    BOOST_TEST(sent().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
