#include "tests/simulation/people.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

// What a life costs, in counts that are the same on every machine: requests and commits. A number that changes here
// changes what TestDome, the HR system and the disk have to bear; `./dev bench` tells what it means in seconds.

namespace testdome_sync::testing {
namespace {

using namespace std::chrono_literals;

/// An installation of so many people who pass, that counts its requests.
struct counted_program : simulated_program {
    explicit counted_program(int count) : simulated_program(people(count))
    {
        lift_limits(*this);
        network.disturb = [this](const http::request& request) {
            auto path = request.url.substr(request.url.find('/', 8));
            path = path.substr(0, path.find('?'));
            std::erase_if(path, [](char c) { return c >= '0' && c <= '9'; });
            ++requests[request.method + ' ' + path];
            return fault::none;
        };
    }

    std::map<std::string, long> requests;
};

/// What a thousand more people cost.
struct cost_of_a_thousand {
    cost_of_a_thousand()
    {
        for (const int count : {1000, 2000}) {
            counted_program program(count);
            program.start();
            program.run_for(30min);
            BOOST_TEST(program.complaint() == "");
            const auto sign = count == 2000 ? 1 : -1;
            commits += sign * program.ledger().commits;
            for (const auto& [endpoint, times] : program.requests)
                requests[endpoint] += sign * times;
        }
    }

    long commits = 0;
    std::map<std::string, long> requests;
};

} // namespace

BOOST_AUTO_TEST_SUITE(thrift)

BOOST_AUTO_TEST_CASE(a_poll_that_finds_a_thousand_people_is_committed_as_often_as_one_that_finds_ten)
{
    for (const int count : {10, 1000}) {
        counted_program program(count);
        program.edit_mapping("    test: C++ Senior", "    approve: true\n    test: C++ Senior");
        program.edit_mapping("  held:\n    - note: \"TestDome: waits for a person: {{ .error.reason }}.\"\n", "");
        program.start();
        while (program.events.count("poll.done") == 0)
            program.clock.run_for(1ms);
        BOOST_TEST(program.ledger().commits == 4);
        BOOST_TEST(program.requests["GET /greenhouse/v/candidates"] == (count + 99) / 100);
    }
}

BOOST_AUTO_TEST_CASE(a_thousand_people_cost_what_they_cost)
{
    auto [commits, requests] = cost_of_a_thousand();
    BOOST_TEST(requests["POST /testdome/v/tests//candidates/invite-via-email"] == 20);
    BOOST_TEST(requests["GET /testdome/v/tests//candidates"] == 20); // whether they were invited before
    BOOST_TEST(requests["GET /testdome/v/candidates"] == 10);
    BOOST_TEST(requests["GET /greenhouse/v/applications"] == 60);
    BOOST_TEST(requests["GET /greenhouse/v/candidates"] == 372);         // 253 for fields, the rest joins
    BOOST_TEST(requests["GET /greenhouse/v/application_stages"] == 253); // likewise
    BOOST_TEST(requests["POST /greenhouse/v/notes"] == 2000);
    BOOST_TEST(requests["PATCH /greenhouse/v/candidates/"] == 1000);
    BOOST_TEST(requests["POST /greenhouse/v/applications//move"] == 1000);
    // A thousand are taken in at once. Four write-backs each, four at a time: one commit stores what became of them and
    // marks the next; results a hundred at a time; invitations by fifty, twice.
    BOOST_TEST(commits == 1074);
}

BOOST_AUTO_TEST_CASE(a_day_without_anything_new_costs_its_polls_and_nothing_else)
{
    counted_program program(100);
    program.start();
    program.run_for(24h * 16); // until results are looked at no more
    program.requests.clear();
    const auto commits = program.ledger().commits;
    program.run_for(24h);
    BOOST_TEST(program.requests["GET /greenhouse/v/applications"] == 24 * 60);
    BOOST_TEST(program.requests["POST /greenhouse/token"] == 24);
    // The newest change was made by ourselves, and its hour is read again. Once an hour its joins are, too.
    BOOST_TEST(program.requests["GET /greenhouse/v/candidates"] == 24);
    BOOST_TEST(program.requests["GET /greenhouse/v/jobs"] == 24);
    BOOST_TEST(program.requests.size() == 4U);
    BOOST_TEST(program.ledger().commits - commits == 2 * 24 * 60);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::testing
