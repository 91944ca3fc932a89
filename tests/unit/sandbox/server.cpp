#include "connectors/http/client.hpp"
#include "tests/sandbox/sandbox.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <stdlib.h>

namespace testdome_sync::sandbox {
namespace {

/// A sandbox in a directory of its own, and a client that trusts it.
struct running_sandbox {
    explicit running_sandbox(sandbox_options options = {})
    {
        BOOST_REQUIRE(::mkdtemp(directory.data()));
        options.directory = directory;
        made = std::make_unique<sandbox>(context.get_executor(), options);
        http::client_options trusting;
        trusting.ca_file = directory + "/ca.pem";
        client = http::create_client(context.get_executor(), trusting);
    }
    ~running_sandbox()
    {
        client.reset();
        made.reset();
        std::filesystem::remove_all(directory);
    }
    running_sandbox(const running_sandbox&) = delete;
    running_sandbox& operator=(const running_sandbox&) = delete;

    http::response ask(const std::string& method, const std::string& path)
    {
        http::request order;
        order.method = method;
        order.url = made->url() + path;
        http::response got;
        boost::asio::co_spawn(context, client->send(order),
                              [&](std::exception_ptr, const http::result<http::response>& answer) {
                                  if (answer)
                                      got = *answer;
                                  context.stop();
                              });
        context.restart();
        context.run();
        return got;
    }

    std::string file(const std::string& name) const
    {
        std::ostringstream text;
        text << std::ifstream(directory + '/' + name).rdbuf();
        return text.str();
    }

    std::string directory = (std::filesystem::temp_directory_path() / "testdome-sync-sandbox.XXXXXX").string();
    boost::asio::io_context context{1};
    std::unique_ptr<sandbox> made;
    std::unique_ptr<http::transport> client;
};

} // namespace

BOOST_AUTO_TEST_SUITE(sandbox_server)

BOOST_AUTO_TEST_CASE(it_answers_over_tls_with_the_certificate_that_it_wrote)
{
    running_sandbox running;
    BOOST_TEST(running.ask("GET", "/sandbox/books").status == 200);
    BOOST_TEST(std::filesystem::exists(running.made->configuration_path()));
}

BOOST_AUTO_TEST_CASE(several_hr_systems_have_a_mapping_file_and_people_of_their_own)
{
    running_sandbox running({.more_applicants = 5, .hr_systems = 3});
    BOOST_TEST(running.file("mappings.d/engineering.yaml").find(running.made->url() + "/greenhouse/v3\n") !=
               std::string::npos);
    BOOST_TEST(running.file("mappings.d/engineering-3.yaml").find(running.made->url() + "/greenhouse-3/v3\n") !=
               std::string::npos);
    BOOST_TEST(running.file("mappings.d/engineering-4.yaml") == "");
    const auto outcomes = running.ask("GET", "/sandbox/outcomes").body;
    for (const std::string person : {"Ada Byron", "Person 1", "Person 2", "Person 3", "Person 4", "Person 5"}) {
        const auto found = outcomes.find('"' + person + '"');
        BOOST_TEST(found != std::string::npos, person);
        BOOST_TEST(outcomes.find('"' + person + '"', found + 1) == std::string::npos, person);
    }
    BOOST_TEST(running.ask("GET", "/greenhouse-3/v3/jobs").status == 401); // it is there, and asks for a token
    BOOST_TEST(running.ask("GET", "/greenhouse-4/v3/jobs").status == 404);
}

BOOST_AUTO_TEST_CASE(people_who_wait_are_let_finish_by_and_by)
{
    running_sandbox running({.more_applicants = 5, .applicants_wait = true});
    BOOST_TEST(running.ask("POST", "/sandbox/finish?people=3").body == R"({"let":3})");
    BOOST_TEST(running.ask("GET", "/sandbox/finish?people=1").status == 404);
    BOOST_TEST(running.ask("POST", "/sandbox/finish?people=3").body == R"({"let":2})");
}

BOOST_AUTO_TEST_CASE(whoever_waits_and_is_let_finishes_what_was_sent_long_ago)
{
    wall_time now{std::chrono::hours{24}};
    testdome_world testdome([&] { return now; }, pace{});
    add_tests(testdome);
    testdome.set_behavior("person1@example.com", behavior::waits);
    testdome.invite_by_hand(1001, "person1@example.com");
    now += std::chrono::hours{1};
    BOOST_TEST(testdome.candidates().front().status == "invited");
    testdome.set_behavior("person1@example.com", behavior::passes, 80);
    BOOST_TEST(testdome.candidates().front().status == "completed");
    BOOST_TEST(testdome.candidates().front().score == 80);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::sandbox
