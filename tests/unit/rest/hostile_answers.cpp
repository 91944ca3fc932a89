// JSON that is broken, huge, or odd: whatever an HR system's address answers, it is a value or a failure.
#include "connectors/rest/connector.hpp"
#include "sync/application.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"
#include "tests/unit/rest/described.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

namespace testdome_sync::rest {
namespace {

using testing::json_answer;
using answer = http::result<http::response>;

struct hostile_system {
    sync::result<sync::poll_answer> polled(const std::string& body)
    {
        network.on_request([body](const http::request&) -> answer { return json_answer(200, body); });
        described made(least);
        BOOST_REQUIRE_MESSAGE(made.what, made.found.text());
        library = made.mapping->library;
        connector = create_connector(std::move(*made.what), network, clock, random, events);
        return testing::run(clock, connector->poll({clock.wall(), nullptr}));
    }

    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network;
    std::shared_ptr<config::jq_library> library;
    std::unique_ptr<sync::hr_connector> connector;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(hostile_answers, hostile_system)

BOOST_AUTO_TEST_CASE(nonsense_is_a_failure_of_the_poll_and_changes_nothing)
{
    const std::vector<std::pair<std::string, std::string>> table{
        {"100,000 lists", std::string(100'000, '[')},
        {"lists, closed", std::string(100'000, '[') + std::string(100'000, ']')},
        {"a record that is too deep", R"({"rows":[{"id":1,"x":)" + std::string(40, '[') + std::string(40, ']') + "}]}"},
        {"invalid UTF-8", "{\"rows\":[{\"id\":1,\"email\":\"\xff@example.com\"}]}"},
        {"a lone surrogate", R"({"rows":[{"id":1,"email":"\ud800@example.com"}]})"},
        {"NaN", R"({"rows":[{"id":NaN}]})"},
        {"two values", R"({"rows":[]}{"rows":[]})"},
        {"half a value", R"({"rows":[{"id":1})"},
        {"HTML", "<html><body>maintenance</body></html>"},
    };
    for (const auto& [what, text] : table) {
        const auto read = polled(text);
        BOOST_REQUIRE_MESSAGE(!read, what);
        BOOST_TEST((read.error().code == sync::errc::malformed), what << ": " << read.error().detail);
        BOOST_TEST(read.error().detail.find("GET https://hr.example.com/v1/apps: answered 200 with") !=
                       std::string::npos,
                   what << ": " << read.error().detail);
    }
}

BOOST_AUTO_TEST_CASE(odd_values_are_values)
{
    const auto id = [&](const std::string& written) {
        const auto read = polled(R"({"rows":[{"id":)" + written + R"(,"email":"a@example.com"}]})");
        if (!read)
            return "failure: " + read.error().detail;
        return read->applications.empty() ? "none" : read->applications.front().id;
    };
    BOOST_TEST(id("7,\"id\":8") == "8");
    BOOST_TEST(id("9007199254740993") == "9007199254740993"); // jq's numbers are doubles: 2^53 + 1 is kept as text
    BOOST_TEST(id("18446744073709551615") == "18446744073709551615");
    BOOST_TEST(id(R"("\ud83d\ude00")") == "\xf0\x9f\x98\x80");
    for (const auto* number : {"1e300", "1e-400", "1e308"})
        BOOST_TEST(id(number).size() < 400U, number << " → " << id(number));
}

BOOST_AUTO_TEST_CASE(what_json_can_not_write_again_is_kept_as_nothing)
{
    const auto read = polled(R"({"rows":[{"id":7,"email":"a@example.com","x":[1e400,{"y":-1e400}]}]})");
    BOOST_REQUIRE_MESSAGE(read, (read ? "" : read.error().detail));
    BOOST_REQUIRE(read->applications.size() == 1U);
    BOOST_TEST(boost::json::serialize(sync::to_document(read->applications.front()).at("raw").at("x")) ==
               R"([null,{"y":null}])");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::rest
