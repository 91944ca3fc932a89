#include "connectors/testdome/client.hpp"
#include "connectors/testdome/wire.hpp"
#include "sync/application.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::testdome {
namespace {

using testing::json_answer;
using answer = http::result<http::response>;

struct testdome_fixture {
    testdome_fixture()
    {
        settings.client_id = "id";
        settings.client_secret = config::secret("s&cret");
        network.on_request([this](const http::request& order) -> answer {
            if (order.url.ends_with("/token"))
                return json_answer(200, R"({"access_token":"t","expires_in":1800})");
            return reply(order);
        });
    }

    sync::test_platform& platform()
    {
        if (!made)
            made = create_client(settings, network, clock, random, events);
        return *made;
    }

    std::vector<std::string> calls() const
    {
        std::vector<std::string> all;
        for (const auto& order : network.sent)
            if (!order.url.ends_with("/token"))
                all.push_back(order.method + ' ' + order.url.substr(order.url.find(".com") + 4));
        return all;
    }

    sync::result<sync::invitation_answer> invite()
    {
        sync::invitation_batch batch{
            1001, {"ada@example.com", "bob@example.com"}, clock.wall(), "Hello", "hr@example.com", false};
        return testing::run(clock, platform().invite(std::move(batch)));
    }

    config::testdome_settings settings;
    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network;
    std::function<answer(const http::request&)> reply = [](const http::request&) -> answer {
        return json_answer(200, "{}");
    };
    std::unique_ptr<sync::test_platform> made;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(testdome_client, testdome_fixture)

BOOST_AUTO_TEST_CASE(both_ways_of_signing_in_send_what_is_documented)
{
    reply = [](const http::request&) -> answer { return json_answer(200, "{}"); };
    BOOST_TEST(testing::run(clock, platform().check()).has_value());
    BOOST_TEST(network.sent[0].url == "https://api.testdome.com/token");
    BOOST_TEST(network.sent[0].body == "grant_type=client_credentials&client_id=id&client_secret=s%26cret");
    BOOST_TEST(calls() == std::vector<std::string>{"GET /v3/accounts/current/plan"}, boost::test_tools::per_element());

    settings.client_id.clear();
    settings.email = "hr@example.com";
    settings.api_password = config::secret("p");
    settings.url = "https://staging.testdome.com/api/v2";
    settings.token_url = "https://staging.testdome.com/api/token";
    made.reset();
    network.sent.clear();
    BOOST_TEST(testing::run(clock, platform().check()).has_value());
    BOOST_TEST(network.sent[0].url == "https://staging.testdome.com/api/token");
    BOOST_TEST(network.sent[0].body == "grant_type=password&username=hr%40example.com&password=p");
    BOOST_TEST(network.sent[1].url == "https://staging.testdome.com/api/v2/accounts/current/plan");
}

BOOST_AUTO_TEST_CASE(an_invitation_sends_all_five_members_once)
{
    reply = [](const http::request&) -> answer {
        return json_answer(200, R"({"failedEmails":["BOB@example.com"],"message":null,"result":[]})");
    };
    const auto done = invite();
    BOOST_REQUIRE(done);
    BOOST_TEST(done->refused == std::vector<std::string>{"bob@example.com"}, boost::test_tools::per_element());
    BOOST_TEST(calls() == std::vector<std::string>{"POST /v3/tests/1001/candidates/invite-via-email"},
               boost::test_tools::per_element());
    BOOST_TEST(network.sent.back().body ==
               R"({"emails":["ada@example.com","bob@example.com"],"deadline":"2026-11-24T08:00:00Z",)"
               R"("body":"Hello","replyTo":"hr@example.com","proctoringEnabled":false})");
    BOOST_TEST((network.sent.back().repeat == http::repetition::never));
}

BOOST_AUTO_TEST_CASE(what_an_invitations_answer_means)
{
    using sync::errc;
    const std::vector<std::tuple<int, std::string, errc>> table{
        {200, "<html>", errc::outcome_unknown},
        {200, "", errc::outcome_unknown},
        {200, R"({"failed":[]})", errc::outcome_unknown},
        {200, R"({"failedEmails":"x"})", errc::outcome_unknown},
        {400, R"({"error":{"code":"BadArgument","innererror":{"code":"Email"}}})", errc::refused},
        {404, "", errc::refused},
        {422, "{}", errc::refused},
        {402, "", errc::denied},
        {403, "{}", errc::denied},
        {500, "", errc::outcome_unknown},
        {503, "<html>", errc::outcome_unknown},
        {408, "", errc::outcome_unknown},
    };
    for (const auto& [status, body, meaning] : table) {
        made.reset();
        network.sent.clear();
        reply = [&, status = status, body = body](const http::request&) -> answer { return json_answer(status, body); };
        const auto done = invite();
        BOOST_REQUIRE(!done);
        BOOST_TEST((done.error().code == meaning), status << ' ' << body << ' ' << done.error().detail);
        BOOST_TEST(calls().size() == 1U, status << ' ' << body);
    }
}

BOOST_AUTO_TEST_CASE(an_errors_inner_codes_are_walked)
{
    BOOST_TEST(error_codes(R"({"error":{"code":"A","innererror":{"code":"B","innererror":{"code":"C"}}}})") == "A/B/C");
    BOOST_TEST(error_codes(R"({"message":"x"})") == "");
    BOOST_TEST(error_codes("<html>") == "");
}

BOOST_AUTO_TEST_CASE(a_candidate_is_understood_with_unknown_members_and_statuses)
{
    const auto read = [](const char* text) {
        return candidate_from(std::make_shared<boost::json::value>(boost::json::parse(text)));
    };
    const auto done =
        read(R"({"id":7,"email":"Ada@Example.com","status":"Completed","score":87,"passed":false,"passedOverride":true,
                              "timeTaken":90,"new":{"x":1},"activities":[{"date":"2026-11-24T07:00:00Z","description":"d"}]})");
    BOOST_REQUIRE(done);
    BOOST_TEST((done->status == sync::candidate_status::completed));
    BOOST_TEST(done->email == "ada@example.com");
    BOOST_TEST(done->passed);
    BOOST_TEST(sync::to_text(*done->completed_at) == "2026-11-24T07:00:00Z");
    const auto later = read(R"({"id":8,"email":null,"status":"underReview","score":null})");
    BOOST_REQUIRE(later);
    BOOST_TEST((later->status == sync::candidate_status::unknown));
    BOOST_TEST(!read(R"({"email":"x"})"));
}

BOOST_AUTO_TEST_CASE(lists_are_read_to_their_end_and_each_row_counts_once)
{
    reply = [](const http::request& order) -> answer {
        const bool first = order.url.find("$skip=0") != std::string::npos;
        return json_answer(
            200,
            first
                ? R"({"value":[{"id":1,"email":"a@x.de","status":"invited"},{"id":2,"email":"b@x.de","status":"invited"}],"totalCount":3,"hasMoreItems":true})"
                : R"({"value":[{"id":2,"email":"b@x.de","status":"invited"},{"id":3,"email":"c@x.de","status":"started"}],"totalCount":3,"hasMoreItems":false})");
    };
    const auto read = testing::run(clock, platform().unfinished({1001}));
    BOOST_REQUIRE(read);
    BOOST_TEST(read->size() == 3U);
    BOOST_TEST(calls()[1].find("$top=100&$skip=2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_list_of_the_wrong_shape_is_a_failure)
{
    for (const auto* body :
         {"[]", "{}", R"({"value":{}})", R"({"value":[{"email":"x"}]})", "<html>", "", R"({"value":[{"id":1})"}) {
        reply = [&](const http::request&) -> answer { return json_answer(200, body); };
        const auto read = testing::run(clock, platform().unfinished({1001}));
        BOOST_TEST((!read && read.error().code == sync::errc::malformed), body);
    }
}

BOOST_AUTO_TEST_CASE(one_person_is_asked_for_by_term_and_many_by_the_list)
{
    reply = [](const http::request&) -> answer {
        return json_answer(
            200,
            R"({"value":[{"id":1,"email":"ada@example.com","status":"invited"},{"id":2,"email":"xada@example.com","status":"invited"}],"totalCount":2,"hasMoreItems":false})");
    };
    BOOST_TEST(testing::run(clock, platform().find(1001, {"ada@example.com"}))->size() == 1U);
    BOOST_TEST(testing::run(clock, platform().find(1001, {"ada@example.com", "b@example.com"}))->size() == 1U);
    BOOST_TEST(calls() == (std::vector<std::string>{
                              "GET /v3/tests/1001/candidates?$filter%5Bterm%5D=ada%40example.com&$top=100&$skip=0",
                              "GET /v3/tests/1001/candidates?$top=100&$skip=0"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_401_is_answered_with_one_new_token_and_one_repeat)
{
    reply = [](const http::request&) -> answer { return json_answer(401, ""); };
    const auto read = testing::run(clock, platform().tests());
    BOOST_TEST((read.error().code == sync::errc::denied));
    BOOST_TEST(calls().size() == 2U);
    BOOST_TEST(network.sent.size() == 4U); // two tokens, two tries
    BOOST_TEST(events.count("auth.failed") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testdome
