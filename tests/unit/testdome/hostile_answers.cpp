// JSON that is broken, huge, or odd: whatever TestDome's address answers, it is a value or a failure.
#include "connectors/testdome/client.hpp"
#include "connectors/testdome/wire.hpp"
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

std::string nested(const std::string& open, std::size_t depth)
{
    std::string text;
    for (std::size_t i = 0; i < depth; ++i)
        text += open;
    return text;
}

const std::vector<std::pair<std::string, std::string>>& nonsense()
{
    static const std::vector<std::pair<std::string, std::string>> table{
        {"100,000 lists", nested("[", 100'000)},
        {"100,000 objects", nested("{\"value\":", 100'000)},
        {"lists, closed", nested("[", 100'000) + nested("]", 100'000)},
        {"a list that is too deep", "{\"value\":" + nested("[", 40) + nested("]", 40) + '}'},
        {"invalid UTF-8", "{\"value\":[\"\xff\xfe\"]}"},
        {"overlong UTF-8", "{\"value\":[\"\xc0\xaf\"]}"},
        {"a lone high surrogate", R"({"value":["\ud800"]})"},
        {"a lone low surrogate", R"({"value":["\udc00"]})"},
        {"a surrogate as bytes", "{\"value\":[\"\xed\xa0\x80\"]}"},
        {"NaN", R"({"value":NaN})"},
        {"Infinity", R"({"value":[Infinity]})"},
        {"a byte order mark", "\xef\xbb\xbf{\"value\":[]}"},
        {"two values", R"({"value":[]}{"value":[]})"},
        {"half a value", R"({"value":[)"},
        {"a comment", R"({"value":[] /* none */})"},
        {"a NUL", std::string("{\"value\":[]\0}", 13)},
        {"a control byte", "{\"value\":[\"\x01\"]}"},
        {"nothing", ""},
        {"blanks", "  \r\n"},
        {"a hexadecimal number", R"({"value":[0x10]})"},
        {"a number with leading zeros", R"({"value":[007]})"},
        {"no list", R"({"value":{}})"},
        {"null", "null"},
    };
    return table;
}

struct hostile_answers_fixture {
    hostile_answers_fixture()
    {
        settings.client_id = "id";
        settings.client_secret = config::secret("secret");
        network.on_request([this](const http::request& order) -> answer {
            return json_answer(200, order.url.ends_with("/token") ? R"({"access_token":"t","expires_in":1800})" : body);
        });
        platform = create_client(settings, network, clock, random, events);
    }

    std::string body;
    config::testdome_settings settings;
    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network;
    std::unique_ptr<sync::test_platform> platform;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_answers, hostile_answers_fixture)

BOOST_AUTO_TEST_CASE(nonsense_is_never_a_list)
{
    for (const auto& [what, text] : nonsense()) {
        BOOST_TEST(!page_from(text, 0, 100), what);
        body = text;
        const auto read = testing::run(clock, platform->tests());
        BOOST_REQUIRE_MESSAGE(!read, what);
        BOOST_TEST((read.error().code == sync::errc::malformed), what << ": " << read.error().detail);
        BOOST_TEST(read.error().detail.find("the answer is not a list as documented") != std::string::npos,
                   read.error().detail);
    }
}

BOOST_AUTO_TEST_CASE(nonsense_to_an_invitation_leaves_its_outcome_unknown_and_is_not_repeated)
{
    for (const auto& [what, text] : nonsense()) {
        body = text;
        network.sent.clear();
        sync::invitation_batch batch{1001, {"ada@example.com"}, clock.wall(), "Hello", "hr@example.com", false};
        const auto done = testing::run(clock, platform->invite(std::move(batch)));
        BOOST_REQUIRE_MESSAGE(!done, what);
        BOOST_TEST((done.error().code == sync::errc::outcome_unknown), what);
        BOOST_TEST(
            std::ranges::count_if(network.sent, [](const auto& sent) { return !sent.url.ends_with("/token"); }) == 1,
            what);
        BOOST_TEST(error_codes(text) == "", what);
    }
}

BOOST_AUTO_TEST_CASE(numbers_of_any_size_are_numbers_or_nothing)
{
    const auto id = [](const std::string& number) {
        auto row = json_from(R"({"id":)" + number + '}');
        const auto made = row ? candidate_from(std::make_shared<boost::json::value>(std::move(*row))) : std::nullopt;
        return made ? std::to_string(made->id) : "none";
    };
    BOOST_TEST(id("7") == "7");
    BOOST_TEST(id("7.0") == "7");
    BOOST_TEST(id("9223372036854775807") == "9223372036854775807");
    for (const auto* number : {"9223372036854775808", "18446744073709551615", "1e19", "1e400", "-1e400", "7.5",
                               "1e-400", "\"7\"", "true", "null", "[]", "{}"})
        BOOST_TEST(id(number) == (std::string_view(number) == "1e-400" ? "0" : "none"), number);
}

BOOST_AUTO_TEST_CASE(what_json_can_not_write_again_is_kept_as_nothing)
{
    for (const std::string members : {R"("score":1e400,"maxScore":-1e400)", R"("deep":[{"x":[1e309]}])"}) {
        body = R"({"value":[{"id":7,"status":"completed",)" + members + R"(}],"hasMoreItems":false})";
        const auto page = page_from(body, 0, 100);
        BOOST_REQUIRE(page);
        BOOST_REQUIRE(page->rows().size() == 1U);
        const auto made = candidate_from(page->shared(page->rows().front()));
        BOOST_REQUIRE(made);
        BOOST_TEST(!made->score);
        boost::system::error_code error;
        boost::json::parse(boost::json::serialize(*made->raw), error);
        BOOST_TEST(!error, boost::json::serialize(*made->raw));
    }
}

BOOST_AUTO_TEST_CASE(odd_members_of_a_candidate_do_not_spoil_the_others)
{
    boost::system::error_code error;
    auto row = boost::json::parse(
        R"({"id":7,"id":8,"status":["completed"],"score":1e300,"maxScore":-1e300,"timeTaken":1e30,"testId":{},
            "deadline":"9999-12-31T23:59:59Z","passed":"yes","needsScoring":99999999999999999999,
            "activities":[null,7,{"date":7},{"date":"0001-01-01T00:00:00"}],"email":"\u0000\ud83d\ude00"})",
        error);
    BOOST_REQUIRE(!error);
    const auto made = candidate_from(std::make_shared<boost::json::value>(std::move(row)));
    BOOST_REQUIRE(made);
    BOOST_TEST(made->id == 8); // the last one counts (RFC 8259 §4 leaves it open)
    BOOST_TEST((made->status == sync::candidate_status::unknown));
    BOOST_TEST(!made->passed);
    BOOST_TEST(made->time_taken_seconds == 0);
    BOOST_TEST(!made->deadline);
    BOOST_TEST(!made->completed_at);
}

BOOST_AUTO_TEST_CASE(a_list_that_promises_more_for_ever_ends)
{
    body = R"({"value":[{"id":1,"name":"a"}],"hasMoreItems":true,"totalCount":9223372036854775807})";
    const auto read = testing::run(clock, platform->tests());
    BOOST_REQUIRE(!read);
    BOOST_TEST((read.error().code == sync::errc::malformed));
    BOOST_TEST(read.error().detail.find("the list does not end") != std::string::npos, read.error().detail);
    BOOST_TEST(network.sent.size() <= 10'001U); // the sign-in, and a million rows' pages
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testdome
