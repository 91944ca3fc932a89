#include "connectors/rest/connector.hpp"
#include "connectors/rest/reader.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"
#include "tests/unit/rest/described.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::rest {
namespace {

using testing::json_answer;
using answer = http::result<http::response>;

struct system_fixture {
    /// A poll of the described system.
    sync::result<sync::poll_answer> poll(const std::string& text, boost::json::value cursor = nullptr)
    {
        described made(text);
        BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
        library = made.mapping->library;
        connector = create_connector(std::move(*made.what), network, clock, random, events);
        return testing::run(clock, connector->poll({clock.wall(), std::move(cursor), {}}));
    }

    std::string list(const std::string& paging) const
    {
        return "url: https://hr.example.com/v1\nlist: {request: {path: /apps, query: {since: !jq .since}}, records: "
               "!jq '.body.rows[]', paging: " +
               paging + "}\napplication: {id: !jq .id, applicant: {email: !jq .email}}\n";
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network;
    std::shared_ptr<config::jq_library> library;
    std::unique_ptr<sync::hr_connector> connector;
};

std::string row(int id)
{
    return R"({"id":)" + std::to_string(id) + R"(,"email":"p)" + std::to_string(id) + R"(@example.com"})";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(reading, system_fixture)

BOOST_AUTO_TEST_CASE(no_request_waits_longer_than_the_mapping_says)
{
    network.on_request([&](const http::request& order) -> answer {
        const bool token = order.url.ends_with("/token");
        return json_answer(200, token ? R"({"access_token":"t","expires_in":3600})" : R"({"rows":[]})");
    });
    const auto signed_in = "token_url: https://hr.example.com/token\nauth: {type: oauth2_client_credentials}\n" + least;
    BOOST_TEST(poll(signed_in).has_value());
    BOOST_TEST(poll("timeout: 7s\n" + signed_in).has_value());
    BOOST_REQUIRE(network.sent.size() == 4U);
    for (std::size_t i = 0; i < 4; ++i)
        BOOST_TEST((network.sent[i].deadline == std::chrono::seconds(i < 2 ? 30 : 7)));
}

BOOST_AUTO_TEST_CASE(each_style_of_paging_reads_to_the_end)
{
    const auto first = R"({"rows":[)" + row(1) + "," + row(2) + R"(],"next":"c2","more":true})";
    const auto last = R"({"rows":[)" + row(3) + R"(],"next":null,"more":false})";
    const auto check = [&](const std::string& paging, const std::string& second_url, const std::string& link = {}) {
        network.sent.clear();
        network.on_request([&](const http::request&) -> answer {
            auto made = json_answer(200, network.sent.size() == 1 ? first : last);
            if (!link.empty() && network.sent.size() == 1)
                made.headers.set("Link", link);
            return made;
        });
        const auto read = poll(list(paging));
        BOOST_REQUIRE_MESSAGE(read, paging << ": " << (read ? "" : read.error().detail));
        BOOST_TEST(read->applications.size() == 3U, paging);
        BOOST_REQUIRE(network.sent.size() == 2U);
        BOOST_TEST(network.sent[1].url == second_url, paging);
    };
    const std::string base = "https://hr.example.com/v1/apps?since=2026-11-24T08%3A00%3A00.000Z";
    check("{type: link_header}", "https://hr.example.com/v1/apps?cursor=x",
          "<https://hr.example.com/v1/apps?cursor=x>; rel=\"next\"");
    check("{type: link_header}", "https://hr.example.com/v1/apps?p=2", "</v1/apps?p=2>; rel=next");
    check("{type: next_url, next: !jq '.body.next | if . then \"/v2?\" + . else null end'}",
          "https://hr.example.com/v2?c2");
    check("{type: cursor, parameter: cursor, next: !jq .body.next}", base + "&cursor=c2");
    check("{type: cursor, parameter: cursor, next: !jq .body.next, only_parameter: true}",
          "https://hr.example.com/v1/apps?cursor=c2");
    check("{type: offset, parameter: offset, size: 2}", base + "&offset=2");
    check("{type: page, parameter: page, more: !jq .body.more}", base + "&page=2");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_as_described_fails_the_whole_poll)
{
    for (const auto& body :
         {std::string("{\"rows\":[" + row(1)), std::string("<html>sign in</html>"), std::string("not json"),
          std::string(R"({"rows":7})"), std::string("[]"), std::string("\"text\"")}) {
        network.on_request([&](const http::request&) -> answer { return json_answer(200, body); });
        const auto read = poll(list("{type: none}"));
        BOOST_REQUIRE_MESSAGE(!read, body);
        BOOST_TEST((read.error().code == sync::errc::malformed), body);
    }
}

BOOST_AUTO_TEST_CASE(nothing_new_may_be_told_without_a_body)
{
    for (const int status : {204, 304, 200}) {
        network.on_request([&](const http::request&) -> answer { return json_answer(status, ""); });
        const auto read = poll(list("{type: none}"));
        BOOST_REQUIRE(read);
        BOOST_TEST(read->applications.empty());
    }
}

BOOST_AUTO_TEST_CASE(a_list_that_leads_back_or_to_another_host_is_not_followed)
{
    network.on_request(
        [&](const http::request&) -> answer { return json_answer(200, R"({"rows":[],"next":"same"})"); });
    BOOST_TEST(poll(list("{type: cursor, parameter: c, next: !jq .body.next}")).error().detail.find("leads back") !=
               std::string::npos);

    network.sent.clear();
    network.on_request([&](const http::request&) -> answer {
        return json_answer(200, R"({"rows":[],"next":"https://evil.example.org/"})");
    });
    BOOST_TEST(poll(list("{type: next_url, next: !jq .body.next}")).error().detail.find("at another host") !=
               std::string::npos);
    BOOST_TEST(network.sent.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_has_no_place_in_the_body_is_a_failure)
{
    network.on_request(
        [&](const http::request&) -> answer { return json_answer(200, R"({"rows":[],"next":"same"})"); });
    for (const std::string body : {"form: {a: b}", "body: [1]", "body: !jq '1'"}) {
        const auto read = poll("url: https://hr.example.com/v1\nlist: {request: {method: POST, path: /apps, " + body +
                               "}, records: !jq '.body.rows[]', paging: {type: cursor, in: body, parameter: c, next: "
                               "!jq .body.next}}\napplication: {id: !jq .id}\n");
        BOOST_REQUIRE(!read);
        BOOST_TEST((read.error().code == sync::errc::malformed));
        BOOST_TEST(read.error().detail.find("\"c\" belongs into the body, which is no JSON object") !=
                       std::string::npos,
                   read.error().detail);
    }
}

BOOST_AUTO_TEST_CASE(an_error_that_hides_in_a_200_is_a_failure)
{
    network.on_request([&](const http::request&) -> answer {
        return json_answer(200, R"({"success":false,"errors":["no_permission"]})");
    });
    const auto read =
        poll(list("{type: none}") + "answer: {success: !jq .body.success != false, error: !jq '.body.errors[0]'}\n");
    BOOST_TEST(read.error().detail ==
               "GET https://hr.example.com/v1/apps: the answer says that it failed: \"no_permission\"");
}

BOOST_AUTO_TEST_CASE(one_record_may_hold_several_applications_and_the_newest_reading_of_each_counts)
{
    network.on_request([&](const http::request&) -> answer {
        return json_answer(200, R"({"rows":[{"id":"a","jobs":[{"id":1,"at":1764000000000},{"id":2,"at":1764000000000}]},
                                            {"id":"a","jobs":[{"id":1,"at":1764000500000,"stage":"new"}]},
                                            {"id":"a","jobs":[{"id":1,"at":1763000000000,"stage":"old"}]}]})");
    });
    const auto read = poll(R"yaml(url: https://hr.example.com/v1
list: {request: {path: /apps}, records: !jq '.body.rows[]'}
split: !jq '. as $c | .jobs[] | {id: "\($c.id)/\(.id)", at, stage
}'
application: {id: !jq .id, updated_at: !jq .at, stage: {name: !jq .stage}}
)yaml");
    BOOST_REQUIRE(read);
    BOOST_REQUIRE(read->applications.size() == 2U);
    BOOST_TEST(read->applications[0].id == "a/1");
    BOOST_TEST(read->applications[0].stage.name == "new");
    BOOST_TEST(sync::to_text(*read->applications[0].updated_at) == "2025-11-24T16:08:20Z");
}

BOOST_AUTO_TEST_CASE(joins_are_batched_and_a_record_without_its_join_is_held_back_alone)
{
    network.on_request([&](const http::request& order) -> answer {
        if (order.url.find("/people") == std::string::npos)
            return json_answer(200, R"({"rows":[{"id":1,"person":11},{"id":2,"person":12},{"id":3,"person":11}]})");
        return json_answer(200, R"([{"id":11,"email":"ada@example.com"}])");
    });
    const auto read = poll(R"(url: https://hr.example.com/v1
list: {request: {path: /apps}, records: !jq '.body.rows[]'}
enrich:
  person:
    ids: !jq .person
    request: {path: /people, query: {ids: !jq '.ids | map(tostring) | join(",")'}}
    records: !jq .body[]
    key: !jq .id
    batch: 50
    required: true
application: {id: !jq .id, applicant: {email: !jq .joined.person.email}}
)");
    BOOST_REQUIRE(read);
    BOOST_TEST(read->applications.size() == 2U);
    BOOST_TEST(read->applications[0].applicant.email == "ada@example.com");
    BOOST_REQUIRE(read->broken.size() == 1U);
    BOOST_TEST(read->broken[0].id == "2");
    BOOST_TEST(network.sent.size() == 2U);
    BOOST_TEST(network.sent[1].url == "https://hr.example.com/v1/people?ids=11%2C12");
}

BOOST_AUTO_TEST_CASE(numbers_that_are_no_times_are_none)
{
    BOOST_TEST(sync::to_text(*connectors::time_in(boost::json::value(1764000000))) == "2025-11-24T16:00:00Z");
    BOOST_TEST(sync::to_text(*connectors::time_in(boost::json::value(1764000000000))) == "2025-11-24T16:00:00Z");
    for (const double beyond : {1e300, -1e300, 9e12 + 1, -1e12})
        BOOST_TEST(!connectors::time_in(boost::json::value(beyond)), beyond);
}

BOOST_AUTO_TEST_CASE(a_record_may_have_members_named_as_what_is_added_to_it)
{
    network.on_request([](const http::request& order) -> answer {
        if (order.url.find("/people") != std::string::npos)
            return json_answer(200, R"([{"id":7,"email":"ada@example.com"}])");
        return json_answer(200, R"({"rows":[{"id":1,"person":7,"joined":"2020-01-01","missing":true}]})");
    });
    const std::string plain = "url: https://hr.example.com/v1\nlist: {request: {path: /apps}, records: !jq "
                              "'.body.rows[]'}\n";
    const auto alone = poll(plain + "application: {id: !jq .id, status: !jq .joined}\n");
    BOOST_REQUIRE(alone);
    BOOST_REQUIRE(alone->applications.size() == 1U);
    BOOST_TEST(alone->applications[0].status == "2020-01-01");
    BOOST_TEST(alone->applications[0].raw.as_object().contains("missing"));

    const auto joined = poll(plain + "enrich: {person: {ids: !jq .person, request: {path: /people}, records: !jq "
                                     "'.body[]', key: !jq .id, required: true}}\napplication: {id: !jq .id, applicant: "
                                     "{email: !jq .joined.person.email}}\n");
    BOOST_REQUIRE(joined);
    BOOST_REQUIRE(joined->applications.size() == 1U);
    BOOST_TEST(joined->applications[0].applicant.email == "ada@example.com");
}

BOOST_AUTO_TEST_CASE(what_the_engine_has_already_is_counted_and_not_given_again_until_it_changes)
{
    std::string rows = row(1) + ',' + row(2);
    network.on_request([&](const http::request&) -> answer { return json_answer(200, R"({"rows":[)" + rows + "]}"); });
    auto first = poll(list("{type: none}"));
    BOOST_REQUIRE(first);
    BOOST_TEST(first->applications.size() == 2U);
    std::map<std::string, std::string> stored;
    const auto again = [&] {
        return *testing::run(
            clock, connector->poll({clock.wall(), nullptr, [&](const std::string& id, const std::string& fingerprint) {
                                        stored.emplace(id, fingerprint);
                                        return stored[id] == fingerprint && id != "3";
                                    }}));
    };

    for (const auto* kept_in_mind : {"nothing was, before anybody could know it", "both"}) {
        const auto known = again();
        BOOST_TEST(known.applications.empty(), kept_in_mind);
        BOOST_TEST(known.unchanged == 2, kept_in_mind);
    }

    rows = row(1) + R"(,{"id":2,"email":"new@example.com"})";
    const auto changed = again();
    BOOST_REQUIRE(changed.applications.size() == 1U);
    BOOST_TEST(changed.applications.front().applicant.email == "new@example.com");
    BOOST_TEST(changed.unchanged == 1);

    rows = row(3); // known here, but the engine wants to see it
    BOOST_TEST(again().applications.size() == 1U);
    BOOST_TEST(again().applications.size() == 1U);
}

BOOST_AUTO_TEST_CASE(of_two_readings_of_one_application_the_newer_counts_even_if_it_is_the_known_one)
{
    const auto version = [](int hour) {
        return R"({"id":1,"email":"at)" + std::to_string(hour) + R"(@example.com","at":"2026-11-24T0)" +
               std::to_string(hour) + R"(:00:00Z"})";
    };
    std::string rows = version(5);
    network.on_request([&](const http::request&) -> answer { return json_answer(200, R"({"rows":[)" + rows + "]}"); });
    BOOST_REQUIRE(poll("url: https://hr.example.com/v1\nlist: {request: {path: /apps}, records: !jq '.body.rows[]'}\n"
                       "application: {id: !jq .id, updated_at: !jq .at, applicant: {email: !jq .email}}\n"));
    std::string stored;
    const auto again = [&] {
        return *testing::run(
            clock, connector->poll({clock.wall(), nullptr, [&](const std::string&, const std::string& fingerprint) {
                                        if (stored.empty())
                                            stored = fingerprint;
                                        return stored == fingerprint;
                                    }}));
    };
    again();
    BOOST_TEST(again().unchanged == 1);

    rows = version(5) + ',' + version(4);
    BOOST_TEST(again().applications.empty());
    rows = version(4) + ',' + version(5);
    BOOST_TEST(again().applications.empty());
    rows = version(5) + ',' + version(6);
    const auto newer = again();
    BOOST_REQUIRE(newer.applications.size() == 1U);
    BOOST_TEST(newer.applications.front().applicant.email == "at6@example.com");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
