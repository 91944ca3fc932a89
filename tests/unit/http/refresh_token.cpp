// A refresh token that each sign-in replaces: whatever ends the process or the connection, the one to use next is
// known, or a person is told that it can't be.
#include "connectors/http/refresh_token.hpp"

#include "connectors/http/oauth.hpp"
#include "tests/support/mortal_ledger.hpp"
#include "tests/support/recorded_events.hpp"
#include "tests/support/scripted_transport.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>

namespace testdome_sync::http {
namespace {

using namespace std::chrono_literals;
using testing::json_answer;
using testing::network_failure;

/// A service that gives a new refresh token at each sign-in and forgets the one before.
class strict_service {
public:
    result<response> answer(const request& order)
    {
        if (order.body.find("refresh_token=" + current + '&') == std::string::npos)
            return json_answer(400, R"({"error":"invalid_grant"})");
        current = "r" + std::to_string(++issued);
        if (std::exchange(lose_answer, false))
            return network_failure(errc::receive_failed, true);
        return json_answer(200, R"({"access_token":"a)" + std::to_string(issued) + R"(","refresh_token":")" + current +
                                    R"(","expires_in":3600})");
    }

    std::string current = "configured-1";
    int issued = 0;
    bool lose_answer = false;
};

struct rotating_fixture {
    rotating_fixture()
    {
        char name[] = "/tmp/testdome-sync-tokens.XXXXXX";
        folder = ::mkdtemp(name);
        start();
        network.on_request([this](const request& order) { return hr_system.answer(order); });
    }
    ~rotating_fixture() { std::filesystem::remove_all(folder); }

    /// A process that begins with what the ledger's file holds.
    void start(sync::ledger_access access = sync::ledger_access::write)
    {
        signer.reset();
        tokens.reset();
        ledger.reset();
        ledger = std::make_unique<testing::mortal_ledger>(sync::open_sqlite_ledger(folder + "/ledger.db", access));
        tokens = std::make_unique<sync::ledger_tokens>(*ledger);
        sign_anew();
    }

    void sign_anew()
    {
        refresh_token_options refresh;
        refresh.key = "key of " + configured;
        refresh.configured = config::secret(configured);
        refresh.rotates = rotates;
        refresh.store = tokens.get();
        token_options how;
        how.name = "example";
        how.refresh = refresh;
        how.make_refresh_request = [](const std::string& token) {
            return request{.method = "POST",
                           .url = "https://auth.example.com/token",
                           .body = "grant_type=refresh_token&refresh_token=" + token + "&client_id=x"};
        };
        signer = create_token_authorizer(network, clock, random, events, std::move(how));
    }

    std::string signed_with()
    {
        request order;
        const auto done = testing::run(clock, signer->sign(order));
        if (done)
            return std::string(*order.headers.find("Authorization"));
        last_code = done.error().code;
        return "failure: " + done.error().detail;
    }

    /// After an hour, when the access token has ended.
    std::string signed_later()
    {
        clock.run_for(1h);
        return signed_with();
    }

    std::string folder;
    std::string configured = "configured-1";
    bool rotates = true;
    strict_service hr_system;
    testing::virtual_clock clock;
    testing::seeded_random random;
    testing::recorded_events events;
    testing::scripted_transport network{{}, &clock};
    std::unique_ptr<testing::mortal_ledger> ledger;
    std::unique_ptr<sync::ledger_tokens> tokens;
    std::shared_ptr<authorizer> signer;
    boost::system::error_code last_code;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(a_refresh_token_that_rotates, rotating_fixture)

BOOST_AUTO_TEST_CASE(the_last_one_is_used_after_a_restart)
{
    BOOST_TEST(signed_with() == "Bearer a1");
    BOOST_TEST(signed_later() == "Bearer a2");
    start();
    BOOST_TEST(signed_with() == "Bearer a3");
    BOOST_TEST(hr_system.current == "r3");
}

BOOST_AUTO_TEST_CASE(one_that_another_machine_has_replaced_meanwhile_is_used)
{
    BOOST_TEST(signed_with() == "Bearer a1");
    const auto first = signer;
    sign_anew(); // the mapping goes to another machine, which shares the ledger …
    BOOST_TEST(signed_with() == "Bearer a2");
    signer = first; // … and comes back
    BOOST_TEST(signed_later() == "Bearer a3");
}

BOOST_AUTO_TEST_CASE(a_crash_before_or_after_any_commit_loses_no_token_that_could_be_stored)
{
    // Commits of a sign-in: the mark before the request leaves, and the new token. (Taking the ledger over is none
    // here.)
    for (const bool after : {false, true})
        for (long commit = 1; commit <= 2; ++commit) {
            rotating_fixture other;
            BOOST_TEST(other.signed_with() == "Bearer a1");
            other.start();
            (after ? other.ledger->die_after_commit : other.ledger->die_before_commit) = commit;
            const auto before = other.hr_system.current;
            other.signed_with();
            const bool asked = other.hr_system.current != before;
            other.start();
            const auto text = other.signed_with();
            const bool stored = after && commit == 2;
            BOOST_TEST(asked == (commit == 2 || after), "commit " << commit << (after ? " after" : " before"));
            // Asked and not stored: the strict service has forgotten the old one, and a person is told why.
            BOOST_TEST((text.starts_with("Bearer") == (!asked || stored)),
                       "commit " << commit << (after ? " after: " : " before: ") << text);
            if (asked && !stored)
                BOOST_TEST(text.find("an earlier sign-in had no answer") != std::string::npos, text);
        }
}

BOOST_AUTO_TEST_CASE(a_token_that_can_not_be_stored_is_kept_in_mind_and_nothing_leaves_until_it_is)
{
    BOOST_TEST(signed_with() == "Bearer a1");
    ledger->die_before_commit = ledger->commits + 2; // the mark is stored, the answer isn't
    const auto text = signed_later();
    BOOST_TEST(text.find("the refresh token can't be stored") != std::string::npos, text);
    BOOST_TEST((last_code == sync::errc::not_sent));
    BOOST_TEST(signed_with().find("can't be stored") != std::string::npos);
    BOOST_TEST(network.sent.size() == 2U); // the old one is not sent again
    ledger->dead = false;                  // there is room on the disk again
    ledger->die_before_commit.reset();
    BOOST_TEST(signed_with() == "Bearer a2");
    start();
    BOOST_TEST(signed_with() == "Bearer a3");
}

BOOST_AUTO_TEST_CASE(a_ledger_that_can_not_be_written_is_noticed_before_anything_is_asked)
{
    ledger->dead = true;
    BOOST_TEST(signed_with().find("can't be stored") != std::string::npos);
    BOOST_TEST(network.sent.empty());
    BOOST_TEST(hr_system.current == "configured-1");
}

BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_is_told_if_the_old_token_is_no_longer_accepted)
{
    hr_system.lose_answer = true;
    const auto text = signed_with();
    BOOST_TEST(text.find("an earlier sign-in had no answer") == std::string::npos, text); // this very one is repeated
    BOOST_TEST(text.find("make a new one and put it into the configuration") != std::string::npos, text);
    BOOST_TEST((last_code == sync::errc::denied));
}

BOOST_AUTO_TEST_CASE(a_service_that_accepts_the_old_one_for_a_while_goes_on_after_a_lost_answer)
{
    network.on_request([&](const request& order) -> result<response> {
        if (network.sent.size() == 1) {
            hr_system.answer(order);
            hr_system.current = "configured-1"; // still accepted
            return network_failure(errc::receive_failed, true);
        }
        return hr_system.answer(order);
    });
    BOOST_TEST(signed_with() == "Bearer a2");
}

BOOST_AUTO_TEST_CASE(a_token_that_the_administrator_changes_counts_at_once)
{
    BOOST_TEST(signed_with() == "Bearer a1");
    configured = hr_system.current = "configured-2";
    start();
    BOOST_TEST(signed_with() == "Bearer a2");
    start();
    BOOST_TEST(signed_with() == "Bearer a3"); // with the one that has replaced it
}

BOOST_AUTO_TEST_CASE(a_command_that_keeps_nothing_does_not_sign_in)
{
    BOOST_TEST(signed_with() == "Bearer a1");
    for (const auto access : {sync::ledger_access::copy, sync::ledger_access::read}) {
        start(access);
        const auto sent = network.sent.size();
        BOOST_TEST(signed_with().find("only the running service keeps the new one") != std::string::npos);
        BOOST_TEST((last_code == sync::errc::not_sent));
        BOOST_TEST(network.sent.size() == sent);
    }
}

BOOST_AUTO_TEST_CASE(one_that_stays_is_used_by_everybody_and_a_wrong_claim_is_told)
{
    rotates = false;
    network.on_request([](const request&) -> result<response> { return json_answer(200, R"({"access_token":"a"})"); });
    start(sync::ledger_access::copy);
    BOOST_TEST(signed_with() == "Bearer a");
    network.on_request([this](const request& order) { return hr_system.answer(order); });
    sign_anew();
    BOOST_TEST(signed_with().find("say \"rotates: true\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_token_is_told_to_nobody)
{
    network.on_request([](const request& order) -> result<response> {
        return json_answer(400, R"({"error_description":"no such grant: )" + order.body + "\"}");
    });
    const auto text = signed_with();
    BOOST_TEST(text.find("no such grant") != std::string::npos, text);
    BOOST_TEST(text.find("configured-1") == std::string::npos, text);
    for (const auto& event : events.all)
        BOOST_TEST(event.text.find("configured-1") == std::string::npos, event.text);
}

BOOST_AUTO_TEST_CASE(the_ledger_s_file_is_nobody_else_s)
{
    namespace fs = std::filesystem;
    BOOST_TEST(signed_with() == "Bearer a1");
    const auto mode = [&](const std::string& part) {
        return static_cast<unsigned>(fs::status(folder + "/ledger.db" + part).permissions());
    };
    fs::permissions(folder + "/ledger.db", fs::perms(0644));
    start();
    BOOST_TEST(signed_with() == "Bearer a2");
    for (const auto* part : {"", "-wal"})
        BOOST_TEST(mode(part) == 0600U, part);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace testdome_sync::http
